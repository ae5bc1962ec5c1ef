// The program inletd: reads the command line and the configuration, runs the service until a signal, and stops it.
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "ingest/log.h"
#include "ingest/nearest.h"
#include "ingest/text.h"
#include "service/app.h"
#include "service/app_banner.h"
#include "service/config/environment.h"
#include "service/config/load.h"
#include "service/logging/logging.h"

namespace {

constexpr int kWakeUp = SIGUSR1;  // ends the watch for a second signal

struct CommandLine {
  std::optional<std::string> config;
  std::optional<std::string> data_dir;
  bool check_config = false;
};

// Signals are taken by sigwait alone: every thread inherits this mask.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, kWakeUp}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a file that must not grow is an error of the one who writes it
  return signals;
}

// A connection is a descriptor: take as many as we may. Not more than we can use, though: libwebsockets allocates a
// table of that size, and some container runtimes allow a thousand million.
void SetDescriptorLimit() {
  constexpr rlim_t kMostDescriptors = 131'072;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min(limit.rlim_max, kMostDescriptors);
  setrlimit(RLIMIT_NOFILE, &limit);
}

int AwaitSignal(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
  return signal;
}

std::string SignalName(int signal) { return signal == SIGINT ? "SIGINT" : "SIGTERM"; }

// While it lives, a signal ends the process at once.
class SecondSignalWatch {
 public:
  explicit SecondSignalWatch(const sigset_t& signals) : thread_([signals] { Watch(signals); }) {}
  ~SecondSignalWatch() {
    pthread_kill(thread_.native_handle(), kWakeUp);
    thread_.join();
  }
  SecondSignalWatch(const SecondSignalWatch&) = delete;
  SecondSignalWatch& operator=(const SecondSignalWatch&) = delete;

 private:
  static void Watch(const sigset_t& signals) {
    int signal = AwaitSignal(signals);
    while (signal == SIGHUP) signal = AwaitSignal(signals);  // there is nothing left to read files for
    if (signal == kWakeUp) return;
    inlet::Log(inlet::LogLevel::kWarn, "service_killed", {{"signal", SignalName(signal)}, {"reason", "second signal"}});
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // for the log's own thread
    _exit(128 + signal);
  }

  std::thread thread_;
};

int Fail(const absl::Status& status) {
  const absl::string_view message = status.message();
  std::cerr << "inletd: " << std::string_view(message.data(), message.size()) << '\n';
  return EXIT_FAILURE;
}

// Names and hints. No values: one may be a secret.
std::vector<std::pair<std::string, std::string_view>> IgnoredVariables() {
  std::vector<std::pair<std::string, std::string_view>> ignored;
  for (const auto& [name, value] : inlet::config::ReadEnvironment(environ)) {
    const std::string_view hint = inlet::config::HintForIgnored(name);
    if (!hint.empty()) ignored.emplace_back(name, hint);
  }
  return ignored;
}

void LogWarnings(const inlet::config::Loaded& config) {
  for (const auto& [name, hint] : IgnoredVariables()) {
    inlet::Log(inlet::LogLevel::kWarn, "environment_variable_ignored", {{"variable", name}, {"hint", hint}});
  }
  for (const std::string& warning : config.warnings) {
    inlet::Log(inlet::LogLevel::kWarn, "configuration_without_effect", {{"what", warning}});
  }
}

void PrintWarnings(const inlet::config::Loaded& config) {
  for (const auto& [name, hint] : IgnoredVariables()) {
    std::cerr << "inletd: the environment variable " << name << " is ignored: " << hint << '\n';
  }
  for (const std::string& warning : config.warnings) std::cerr << "inletd: " << warning << '\n';
}

// A sanitizer wants to see the destructors, too.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kLeaveAtOnce = false;
#else
constexpr bool kLeaveAtOnce = true;
#endif

// The signal that ends the service. SIGHUP has the conf keys read again; SIGUSR1, somebody else's, asks for nothing
// here.
int AwaitEnd(const sigset_t& signals, inlet::service::App& app) {
  while (true) {
    const int signal = AwaitSignal(signals);
    if (signal == SIGHUP) app.Reload();
    if (signal == SIGTERM || signal == SIGINT) return signal;
  }
}

int Run(inlet::config::Loaded config, const sigset_t& signals) {
  auto logging = inlet::logging::Start(config.app.log);
  if (!logging.ok()) return Fail(logging.status());
  LogWarnings(config);
  const auto app = inlet::service::App::Start(std::move(config));
  if (!app.ok()) return Fail(app.status());
  std::cout << inlet::service::StartBanner(**app, INLET_VERSION, inlet::service::FindInletctl()) << std::flush;

  const int signal = AwaitEnd(signals, **app);
  inlet::Log(inlet::LogLevel::kInfo, "signal_received", {{"signal", SignalName(signal)}});
  const SecondSignalWatch watch(signals);
  (*app)->Stop();
  if (!kLeaveAtOnce) return EXIT_SUCCESS;
  // All is closed. gRPC's own destructor would wait for its poller, which sleeps for up to ten seconds after a client's
  // socket was full.
  (*logging)->Flush();
  _exit(EXIT_SUCCESS);
}

constexpr int kExitUsage = 2;

// CLI11 tells all that it does not know, the last first.
std::string UsageFault(const CLI::Error& error, const std::vector<std::string>& arguments) {
  constexpr std::array<std::string_view, 5> kOptions = {"--config", "--data-dir", "--check-config", "--version",
                                                        "--help"};
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) return error.what();
  for (const std::string& argument : arguments) {
    const std::string name = argument.substr(0, argument.find('='));
    const bool known = std::find(kOptions.begin(), kOptions.end(), name) != kOptions.end();
    if (name.starts_with('-') && !known) {
      return inlet::Concat({"unknown option ", name, inlet::DidYouMean(inlet::Nearest(name, kOptions))});
    }
  }
  return "there is more on the command line than options; the configuration is named with --config";
}

// What only the start would find.
bool LogFolderIsThere(const std::string& log_file) {
  const std::filesystem::path folder = std::filesystem::path(log_file).parent_path();
  std::error_code error;
  if (folder.empty() || std::filesystem::is_directory(folder, error)) return true;
  std::cerr << "inletd: log.file: the folder of " << log_file << " is not there\n";
  return false;
}

int Main(const CommandLine& command_line) {
  const sigset_t signals = BlockSignals();
  SetDescriptorLimit();
  auto config = inlet::config::Load(command_line.config, inlet::config::ReadEnvironment(environ));
  if (!config.ok()) return Fail(config.status());
  if (command_line.data_dir) config->app.data_dir = *command_line.data_dir;
  if (!command_line.check_config) return Run(*std::move(config), signals);
  if (!LogFolderIsThere(config->app.log.file)) return EXIT_FAILURE;
  if (const absl::Status checked = inlet::service::CheckNetwork(config->app); !checked.ok()) return Fail(checked);
  if (const absl::Status checked = inlet::service::CheckDefinitions(*config); !checked.ok()) return Fail(checked);
  PrintWarnings(*config);
  std::cout << "the configuration is valid\n";
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App parser("Inlet: WebSocket messages in, gRPC streams out.", "inletd");
  CommandLine command_line;
  parser.add_option("--config", command_line.config,
                    "The service's file, such as etc/inlet.yaml; sources/websocket.yaml "
                    "is read beside it. Without it, the built-in values");
  parser.add_option("--data-dir", command_line.data_dir,
                    "The folder that keeps the definitions of streams, instead of dataDir. Empty: nothing is kept");
  parser.add_flag("--check-config", command_line.check_config,
                  "Read the configuration, say whether it is valid, and end");
  parser.set_version_flag("--version", std::string("inletd ") + INLET_VERSION);
  parser.footer(
      "The environment overrides each setting: INLET__GRPC__ADDRESS=127.0.0.1:50052, "
      "WEBSOCKET__SOURCE__HTTPSERVERPORT=10082.\nSIGTERM and SIGINT stop the service; a second one ends it at once.\n"
      "sources/websocket.yaml is read again when it changes, and at SIGHUP.");
  try {
    parser.parse(argc, argv);
  } catch (const CLI::Success& told) {
    return parser.exit(told);
  } catch (const CLI::Error& error) {
    std::cerr << "inletd: " << UsageFault(error, {argv + 1, argv + argc}) << "\ninletd --help tells more.\n";
    return kExitUsage;
  }
  return Main(command_line);
}
