// What a check of the server role finds: the address, then the path.
#include "ingest/ws/server_check.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "ingest/source.h"
#include "ingest/text.h"
#include "ingest/ws/peer_address.h"

namespace inlet::ws {
namespace {

using ingest::CheckReport;
using std::chrono::steady_clock;

// Takes a place in the table for a moment; nothing can come meanwhile.
class NoSink final : public ingest::SourceSink {
 public:
  ingest::Verdict OnMessage(const ingest::Message& /*message*/) override { return ingest::Verdict::kTaken; }
  void OnFault(const ingest::MessageFaultReport& /*report*/) override {}
  void OnConnect(const ingest::ConnectionFacts& /*connection*/) override {}
  void OnDisconnect(uint64_t /*connection*/, uint16_t /*code*/, std::string_view /*reason*/) override {}
  void OnRefuse(int /*http_status*/, std::string_view /*reason*/, std::string_view /*peer*/) override {}
  void OnState(const ingest::SourceStatus& /*status*/) override {}
};

// 0, or errno.
int TryBind(const PeerAddress& address) {
  const int socket = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return errno;
  const int on = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);  // as the listener does
  sockaddr_storage storage{};
  const socklen_t size = address.Store(storage);
  const int error = bind(socket, reinterpret_cast<const sockaddr*>(&storage), size) == 0 ? 0 : errno;
  close(socket);
  return error;
}

std::string_view BindHint(int error) {
  switch (error) {
    case EADDRINUSE:
      return "another program has the port: stop it, or set source.httpServerPort";
    case EADDRNOTAVAIL:
    case EINVAL:
      return "source.httpServerIp is no address of this machine: set it to one, or to 0.0.0.0";
    case EACCES:
      return "ports below 1024 are for privileged programs: set source.httpServerPort to a higher one";
    default:
      return "set source.httpServerIp and source.httpServerPort";
  }
}

void Add(CheckReport& report, std::string_view stage, bool ok, steady_clock::time_point begin, std::string detail) {
  report.stages.push_back({std::string(stage), ok, steady_clock::now() - begin, std::move(detail)});
}

// False: it failed.
bool CheckAddress(const ServerView& server, CheckReport& report) {
  const auto begin = steady_clock::now();
  if (server.listener != nullptr) {
    Add(report, "bind", true, begin, Concat({server.listener->address(), " is open already"}));
    return true;
  }
  const std::optional<PeerAddress> address = PeerAddress::Parse(server.options.ip, server.options.port);
  const int error = address ? TryBind(*address) : EINVAL;
  const std::string text =
      address ? address->ToString() : Concat({server.options.ip, ":", std::to_string(server.options.port)});
  if (error == 0) {
    Add(report, "bind", true, begin, Concat({text, " is free"}));
    return true;
  }
  report.hint = BindHint(error);
  Add(report, "bind", false, begin, Concat({"cannot listen on ", text, ": ", std::strerror(error)}));
  return false;
}

std::string Others(const Endpoint& endpoint, const ingest::StreamSpec& spec) {
  std::string names;
  for (const Endpoint::Listening& one : endpoint.listening) {
    if (one.stream != spec.name) names += Concat({names.empty() ? "" : ", ", one.stream});
  }
  return names;
}

std::string PathDetail(const Endpoint& endpoint, const ingest::StreamSpec& spec) {
  const std::string& path = std::get<ingest::ServerRole>(spec.role).path;
  const std::string others = Others(endpoint, spec);
  if (!others.empty()) return Concat({path, " is shared with ", others, ", whose settings agree"});
  // The one more is ours.
  if (endpoint.listening.size() == 1) return Concat({path, " is free"});
  return Concat({path, " is this stream's, with ", std::to_string(endpoint.sessions.size()), " connections"});
}

bool CheckPath(const ServerView& server, const ingest::StreamSpec& spec, CheckReport& report) {
  const auto begin = steady_clock::now();
  NoSink sink;
  const absl::StatusOr<Endpoint*> endpoint = server.endpoints.Join(spec, sink);
  if (!endpoint.ok()) {
    report.hint = std::string(endpoint.status().message());
    Add(report, "path", false, begin, report.hint);
    return false;
  }
  std::string detail = PathDetail(**endpoint, spec);
  server.endpoints.Leave(**endpoint, sink);
  Add(report, "path", true, begin, std::move(detail));
  return true;
}

}  // namespace

CheckReport CheckServerRole(const ServerView& server, const ingest::StreamSpec& spec) {
  CheckReport report;
  report.reachable = CheckAddress(server, report) && CheckPath(server, spec, report);
  return report;
}

}  // namespace inlet::ws
