// What a stranger reads first: where the service listens, and commands to copy.
#include "service/app_banner.h"

#include <filesystem>
#include <system_error>

#include "ingest/text.h"

namespace inlet::service {
namespace {

constexpr std::string_view kDefaultPort = ":50051";

// An address to connect to: that of all interfaces is none.
std::string Reachable(const std::string& address) {
  for (const std::string_view any : {"0.0.0.0:", "[::]:"}) {
    if (address.starts_with(any)) return Concat({"localhost:", address.substr(any.size())});
  }
  return address;
}

// inletctl speaks to localhost:50051 by itself.
std::string AddressOption(const std::string& address) {
  const bool is_default =
      address == Concat({"127.0.0.1", kDefaultPort}) || address == Concat({"localhost", kDefaultPort});
  return is_default ? std::string() : Concat({" --address ", address});
}

std::string PortRemark(const App& app) {
  if (app.websocket_port_taken()) {
    return " (taken by another program: no stream can be made; stop it, or set source.httpServerPort)";
  }
  return app.websocket_open() ? "" : " (opens with the first stream)";
}

std::string Metrics(const App& app) {
  const std::string& wanted = app.config().metrics.address;
  if (wanted.empty()) return "none";
  if (app.metrics_address().empty()) return Concat({wanted, " cannot be opened: set metrics.address"});
  return Concat({"http://", app.metrics_address(), "/metrics"});
}

std::string KeptIn(const App& app) {
  const std::string path = app.catalog_path();
  return path.empty() ? "kept nowhere: they end with this process" : path;
}

std::string_view Scheme(const config::WebSocketServerConfig& server) {
  return server.tls.enabled() ? "wss://" : "ws://";
}

// Where peers of the stream in the example connect. Port 0 is a port once there is a stream.
std::string ExampleEndpoint(const App& app) {
  const config::WebSocketServerConfig& server = app.config().server;
  if (!server.public_url.empty()) return Concat({server.public_url, "/api/data"});
  if (server.http_server_port == 0) return Concat({"what it prints, ", Scheme(server), "..."});
  return Concat({Scheme(server), Reachable(app.websocket_address()), "/api/data"});
}

bool NeedsQuotes(std::string_view path) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+,@";
  return path.find_first_not_of(kPlain) != std::string_view::npos && path.find('\'') == std::string_view::npos;
}

}  // namespace

constexpr std::string_view kFirstSteps =
    "\n\nCreate a stream, send it JSON with any WebSocket client (here: pip install websockets), and read its records:"
    "\n  ";

std::string StartBanner(const App& app, std::string_view version, std::string_view inletctl) {
  const std::string grpc = Reachable(app.grpc_address());
  const std::string option = AddressOption(grpc);
  return Concat({"inletd ",
                 version,
                 "\n  gRPC         ",
                 app.grpc_address(),
                 "\n  WebSocket    ",
                 Scheme(app.config().server),
                 app.websocket_address(),
                 PortRemark(app),
                 "\n  metrics      ",
                 Metrics(app),
                 "\n  definitions  ",
                 KeptIn(app),
                 kFirstSteps,
                 inletctl,
                 " create",
                 option,
                 R"( 'CREATE STREAM demo () WITH (DATASOURCE="/api/data", FORMAT="json", TYPE="websocket")')",
                 "\n  python3 -m websockets ",
                 ExampleEndpoint(app),
                 "\n  ",
                 inletctl,
                 " subscribe demo --from earliest",
                 option,
                 "\nor with grpcurl, or any other gRPC client:\n  ",
                 R"(grpcurl -plaintext -d '{"stream": "demo", "earliest": true}' )",
                 grpc,
                 " inlet.v1.StreamService/Subscribe\n"});
}

std::string FindInletctl() {
  constexpr std::string_view kName = "inletctl";
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return std::string(kName);
  const std::filesystem::path beside = program.parent_path() / kName;
  if (!std::filesystem::exists(beside, error)) return std::string(kName);
  return NeedsQuotes(beside.native()) ? Concat({"'", beside.native(), "'"}) : beside.native();
}

}  // namespace inlet::service
