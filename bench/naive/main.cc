// inlet-naive: the service as one would write it on an afternoon, to compare Inlet with. Not for use.
#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <thread>

#include "bench/naive/stream_service.h"
#include "bench/naive/web_socket_server.h"

namespace inlet::bench {
namespace {

int Main(int argc, char** argv) {
  std::string address = "127.0.0.1:50051";
  uint16_t port = 10081;
  CLI::App app{"The plain service that Inlet is compared with; ends with SIGTERM"};
  app.add_option("--grpc", address, "address of the gRPC server");
  app.add_option("--ws-port", port, "port of the WebSocket server, on 127.0.0.1");
  CLI11_PARSE(app, argc, argv);
  Hub hub;
  StreamService service(&hub);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  const std::atomic<bool> never{false};
  if (server != nullptr && ServeWebSockets(&hub, port, never)) return 0;
  std::cerr << "inlet-naive: cannot listen\n";
  return 1;
}

}  // namespace
}  // namespace inlet::bench

int main(int argc, char** argv) {
  try {
    return inlet::bench::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "inlet-naive: %s\n", error.what());
    return 1;
  }
}
