// What the operating system knows of this process.
#include "service/metrics/process_families.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

namespace inlet::metrics {
namespace {

struct ProcessTimes {
  double cpu_seconds = 0;
  double start_since_boot = 0;  // seconds
  double virtual_bytes = 0;
  double resident_bytes = 0;
  double threads = 0;
};

// /proc/self/stat: fields behind the name of the program, which is in brackets and may hold anything.
std::optional<ProcessTimes> ReadTimes() {
  std::ifstream file("/proc/self/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  double user = 0;
  double system = 0;
  ProcessTimes times;
  for (int i = 0; i < 11; ++i) fields >> skipped;  // state to cmajflt: fields 3 to 13
  fields >> user >> system;
  for (int i = 0; i < 4; ++i) fields >> skipped;  // cutime to nice: 16 to 19
  fields >> times.threads >> skipped >> times.start_since_boot >> times.virtual_bytes >> times.resident_bytes;
  if (!fields) return std::nullopt;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  times.cpu_seconds = (user + system) / ticks;
  times.start_since_boot /= ticks;
  times.resident_bytes *= static_cast<double>(sysconf(_SC_PAGESIZE));
  return times;
}

// Seconds since 1970 at which the machine was started.
std::optional<double> ReadBootTime() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;) {
    double time = 0;
    if (word == "btime" && file >> time) return time;
  }
  return std::nullopt;
}

std::optional<double> CountDescriptors() {
  std::error_code error;
  std::filesystem::directory_iterator entry("/proc/self/fd", error);
  double count = -1;  // one is that of the folder
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) ++count;
  return error ? std::nullopt : std::optional(count);
}

void AddGauge(Families& families, std::string_view name, std::string_view help, std::optional<double> value) {
  if (!value) return;
  AddSample(families.emplace_back(MakeFamily(Kind::kGauge, name, help)), *value);
}

void AddTimes(Families& families, const ProcessTimes& times) {
  AddSample(families.emplace_back(MakeFamily(Kind::kCounter, "process_cpu_seconds_total", "CPU time that was used.")),
            times.cpu_seconds);
  AddGauge(families, "process_resident_memory_bytes", "Memory that is resident.", times.resident_bytes);
  AddGauge(families, "process_virtual_memory_bytes", "Address space in use.", times.virtual_bytes);
  AddGauge(families, "process_threads", "Threads.", times.threads);
  if (const std::optional<double> boot = ReadBootTime()) {
    AddGauge(families, "process_start_time_seconds", "When the process was started, in seconds since 1970.",
             *boot + times.start_since_boot);
  }
}

}  // namespace

Families ProcessFamilies() {
  Families families;
  if (const std::optional<ProcessTimes> times = ReadTimes()) AddTimes(families, *times);
  AddGauge(families, "process_open_fds", "Descriptors in use.", CountDescriptors());
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    AddGauge(families, "process_max_fds", "Descriptors that may be in use.", static_cast<double>(limit.rlim_cur));
  }
  return families;
}

}  // namespace inlet::metrics
