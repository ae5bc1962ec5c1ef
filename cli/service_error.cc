// What went wrong with a call: reads google.rpc.ErrorInfo, and has a hint for what a command can do about it.
#include "cli/service_error.h"

#include <string_view>

#include "cli/address.h"
#include "cli/notice_text.h"
#include "ingest/text.h"
#include "inlet/wire/error_details.pb.h"

namespace inlet::cli {
namespace {

std::string NoAnswerHint(const grpc::Status& status, const Invocation& invocation) {
  // The answer of a WebSocket server to a gRPC client, in the words of the library.
  const std::string& message = status.error_message();
  const bool is_http = message.find("http1") != std::string::npos || message.find("http2 header") != std::string::npos;
  if (is_http) {
    return Concat({"is ", invocation.address, " the WebSocket port? That of gRPC is 50051 by default"});
  }
  const bool unreachable = status.error_code() == grpc::StatusCode::UNAVAILABLE;
  const bool silent = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
  return unreachable || silent ? Concat({"is inletd running at ", invocation.address, "?"}) : std::string();
}

}  // namespace

ServiceError ReadServiceError(const grpc::Status& status) {
  wire::Status details;
  if (!details.ParseFromString(status.error_details())) return {};
  for (const google::protobuf::Any& detail : details.details()) {
    wire::ErrorInfo info;
    if (!detail.type_url().ends_with("/google.rpc.ErrorInfo") || !info.ParseFromString(detail.value())) continue;
    return {info.reason(), {info.metadata().begin(), info.metadata().end()}};
  }
  return {};
}

std::string ErrorText(const grpc::Status& status, const Invocation& invocation) {
  const bool from_the_service = !ReadServiceError(status).reason.empty();
  if (from_the_service) return status.error_message();
  const bool silent = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
  if (silent) return Concat({"no answer in ", DurationText(invocation.timeout)});
  return status.error_message().empty() ? Concat({"the call failed with code ", std::to_string(status.error_code())})
                                        : status.error_message();
}

std::string ErrorHint(const grpc::Status& status, const Invocation& invocation) {
  const ServiceError error = ReadServiceError(status);
  if (error.reason.empty()) return NoAnswerHint(status, invocation);
  const auto field = error.metadata.find("field");
  if (field != error.metadata.end() && field->second == "target") {
    return "--to ID, --where VARIABLE=VALUE or --all says to whom";
  }
  const auto says = [&error](const char* key) {
    const auto value = error.metadata.find(key);
    return value != error.metadata.end() && !value->second.empty();
  };
  if (error.reason == "STREAM_UNKNOWN" && !says("nearest")) {
    return Concat({"inletctl list", AddressOption(invocation.address), " shows all streams"});
  }
  if (error.reason == "STREAM_EXISTS" && !says("differs_in")) return "with --allow-existing that is no error";
  return {};
}

}  // namespace inlet::cli
