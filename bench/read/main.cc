// inlet-read: measures what a service delivers, and makes the streams for it. Prints one line of JSON.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <map>

#include "bench/read/admin.h"
#include "bench/read/reader.h"

namespace inlet::bench {
namespace {

void AddSubscribe(CLI::App* app, RunOptions* options) {
  static const std::map<std::string, v1::SubscribeRequest::Encoding> kViews{{"json", v1::SubscribeRequest::JSON},
                                                                            {"data", v1::SubscribeRequest::DATA}};
  CLI::App* command = app->add_subcommand("subscribe", "Read a stream and count its records");
  ReadOptions* read = &options->read;
  command->add_option("stream", read->stream)->required();
  command->add_option("--streams", read->streams, "subscribe to STREAM-0 to STREAM-(N-1) in turn; 0: to STREAM");
  command->add_option("--view", read->encoding, "json or data")->transform(CLI::CheckedTransformer(kViews));
  command->add_option("--subscribers", options->subscribers, "each with its own connection")
      ->check(CLI::Range(1, 10000));
  command->add_option("--threads", options->threads, "that read")->check(CLI::Range(1, 64));
  command->add_flag("--earliest", read->earliest, "from the oldest record kept, not the next");
  command->add_flag("--classes", read->use_classes, "parse with the generated classes, as users do");
  command->add_flag("--latency", read->latency, "read the time stamps of inlet-load --mode paced");
  command->add_option("--stall-every", read->stall_every,
                      "every nth subscriber stops reading after its first response");
  command->add_option("--seconds", options->seconds, "end after it, whatever comes")->check(CLI::Range(0.1, 3600.0));
  command->add_option("--records", options->records,
                      "end when each subscriber has so many; also a line on standard input");
  command->add_option("--drain-seconds", options->drain_seconds, "end so long after a line on standard input");
  command->add_option("--quiet-seconds", options->quiet_seconds, "end after so long without a record");
  command->callback([options] { std::cout << RunReader(*options) << std::endl; });
}

int Main(int argc, char** argv) {
  CLI::App app{"Measures what a service that speaks inlet.v1.StreamService delivers"};
  app.require_subcommand(1);
  app.fallthrough();
  RunOptions run;
  ChurnOptions churn;
  CreateOptions creation;
  std::string error;
  app.add_option("--address", run.read.address, "host:port of the service")->required();
  AddSubscribe(&app, &run);
  CLI::App* create = app.add_subcommand("create", "Create streams; waits until the service answers");
  create->add_option("name", creation.name)->required();
  create->add_option("datasource", creation.datasource, "a path, or the URL of a server to dial")->required();
  create->add_option("--count", creation.count, "make NAME-0 at DATASOURCE-0, and so on; 0: NAME")
      ->check(CLI::Range(0, 10000));
  create->add_option("--authority", creation.authority, "PEM file: whom the streams trust");
  create->callback([&] {
    creation.address = run.read.address;
    error = CreateStreams(creation);
  });
  CLI::App* streams = app.add_subcommand("streams", "Create, list and delete many streams");
  streams->add_option("count", churn.streams)->required()->check(CLI::Range(1, 1000000));
  streams->add_flag("--hold", churn.hold, "print 'ready' before deleting and wait for a line on standard input");
  streams->callback([&] {
    churn.address = run.read.address;
    std::cout << Churn(churn) << std::endl;
  });
  CLI11_PARSE(app, argc, argv);
  if (error.empty()) return 0;
  std::cerr << "inlet-read: " << error << "\n";
  return 1;
}

}  // namespace
}  // namespace inlet::bench

int main(int argc, char** argv) {
  try {
    return inlet::bench::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "inlet-read: %s\n", error.what());
    return 1;
  }
}
