// Brings what the gRPC library logs into our own log.
#include "service/rpc/grpc_log.h"

#include <mutex>
#include <optional>
#include <string_view>

#include "grpc/support/log.h"
#include "ingest/log.h"

namespace inlet::rpc {
namespace {

struct Watch {
  std::mutex mutex;
  std::optional<std::string> os_error;  // has a value while somebody watches
};

Watch& TheWatch() {
  static Watch watch;
  return watch;
}

// The library writes its errors as text: ... os_error:"Address already in use" ...
std::string FindOsError(std::string_view line) {
  constexpr std::string_view kKey = "os_error:\"";
  const size_t key = line.find(kKey);
  if (key == std::string_view::npos) return {};
  const std::string_view rest = line.substr(key + kKey.size());
  return std::string(rest.substr(0, rest.find('"')));
}

void OnGrpcLog(gpr_log_func_args* args) {
  const std::string_view message(args->message);
  if (std::string error = FindOsError(message); !error.empty()) {
    Watch& watch = TheWatch();
    const std::lock_guard lock(watch.mutex);
    if (watch.os_error) watch.os_error = std::move(error);
  }
  Log(LogLevel::kDebug, "grpc", {{"severity", gpr_log_severity_string(args->severity)}, {"message", message}});
}

}  // namespace

void RedirectGrpcLog() { gpr_set_log_function(&OnGrpcLog); }

GrpcErrorWatch::GrpcErrorWatch() {
  Watch& watch = TheWatch();
  const std::lock_guard lock(watch.mutex);
  watch.os_error = "";
}

GrpcErrorWatch::~GrpcErrorWatch() {
  Watch& watch = TheWatch();
  const std::lock_guard lock(watch.mutex);
  watch.os_error.reset();
}

std::string GrpcErrorWatch::os_error() const {
  Watch& watch = TheWatch();
  const std::lock_guard lock(watch.mutex);
  return watch.os_error.value_or("");
}

}  // namespace inlet::rpc
