// inlet-load: a WebSocket load generator. Prints one line of JSON about what it did.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "bench/load/generator.h"

namespace inlet::bench {
namespace {

std::string Report(const LoadOptions& options, const LoadResult& result) {
  const auto micros = [](uint64_t nanos) { return static_cast<double>(nanos) / 1e3; };
  nlohmann::ordered_json report;
  report["messages"] = result.messages;
  report["seconds"] = result.seconds;
  report["drained_seconds"] = result.drained_seconds;
  report["messages_per_second"] = result.seconds > 0 ? static_cast<double>(result.messages) / result.seconds : 0.0;
  report["bytes_of_a_message"] = options.size;
  report["cpu_share"] = result.use.cpu_share;
  report["busy_share"] = result.use.busy_share;
  report["generator_bound"] = result.use.bound;
  report["blocked_writes"] = result.blocked;
  report["dropped"] = result.dropped;
  report["broken_connections"] = result.broken;
  report["closed_cleanly"] = result.closed_cleanly;
  if (options.mode == Mode::kPaced) {
    const Histogram& late = result.lateness_nanos;
    report["lateness_us"] = {{"p50", micros(late.Percentile(0.5))},
                             {"p99", micros(late.Percentile(0.99))},
                             {"p99.9", micros(late.Percentile(0.999))},
                             {"max", micros(late.max())}};
  }
  return report.dump();
}

void AddOptions(CLI::App* app, LoadOptions* options, std::string* url) {
  static const std::map<std::string, Mode> kModes{
      {"flood", Mode::kFlood}, {"single", Mode::kSingle}, {"paced", Mode::kPaced}, {"idle", Mode::kIdle}};
  app->add_option("url", *url, "ws://127.0.0.1:PORT/PATH, or wss://")->required();
  app->add_flag("--listen", options->listen,
                "be the server at this address; prints 'listening', then takes connections");
  app->add_option("--authority", options->authority, "PEM file: whom to trust with wss://");
  app->add_option("--certificate", options->certificate, "PEM file: ours, with --listen and wss://");
  app->add_option("--key", options->key, "PEM file: the certificate's key");
  app->add_option("--paths", options->dial.paths, "dial PATH-0 to PATH-(N-1) in turn; 0: PATH");
  app->add_option("--mode", options->mode,
                  "flood: as fast as sockets take it; single: one message a write, the connections in turn; paced: "
                  "--rate; idle: silent connections only")
      ->transform(CLI::CheckedTransformer(kModes, CLI::ignore_case));
  app->add_option("--connections", options->connections, "that send")->check(CLI::Range(1, 60000));
  app->add_option("--idle", options->idle, "silent connections beside them")->check(CLI::Range(0, 60000));
  app->add_option("--seconds", options->seconds, "sending ends after it")->check(CLI::Range(0.01, 3600.0));
  app->add_option("--messages", options->messages, "or after so many in all");
  app->add_option("--rate", options->rate, "paced: messages a second in all")->check(CLI::Range(0.1, 5e6));
  app->add_option("--size", options->size, "bytes of a message")->check(CLI::Range(kSmallestMessage, size_t{1} << 24));
  app->add_option("--write-bytes", options->write_bytes, "flood: most bytes of a write")->check(CLI::Range(1, 1 << 26));
  app->add_option("--send-buffer", options->dial.link.send_buffer, "SO_SNDBUF; 0: the system's choice");
  app->add_option("--drain-seconds", options->drain_seconds, "longest wait for the close handshakes at the end");
  app->add_flag("--gate", options->gate, "print 'ready' when all is connected and wait for a line on standard input");
}

int Main(int argc, char** argv) {
  LoadOptions options;
  options.dial.link.send_buffer = 256 << 10;
  std::string url;
  CLI::App app{"WebSocket load generator: always bounded by --seconds (default 2)"};
  AddOptions(&app, &options, &url);
  CLI11_PARSE(app, argc, argv);
  if (!ParseTarget(url, &options.target)) {
    std::cerr << "inlet-load: not ws://IPV4:PORT/PATH or wss://: " << url << "\n";
    return 2;
  }
  if (options.mode == Mode::kIdle) options.connections = 0;
  Generator generator(options);
  std::string error;
  const bool prepared = generator.Prepare(&error);
  if (prepared && options.listen) std::cout << "listening" << std::endl;
  if (!prepared || !generator.Open(&error)) {
    std::cerr << "inlet-load: " << error << "\n";
    return 1;
  }
  if (options.gate) std::cout << "ready" << std::endl;
  generator.AwaitGate();
  generator.Send();
  generator.Drain();
  std::cout << Report(options, generator.result()) << std::endl;
  return 0;
}

}  // namespace
}  // namespace inlet::bench

int main(int argc, char** argv) {
  try {
    return inlet::bench::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "inlet-load: %s\n", error.what());
    return 1;
  }
}
