// What the operating system says of the process is read rightly.
#include "service/metrics/process_families.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <string>

#include "tests/service/metrics/samples.h"

namespace inlet::metrics {
namespace {

std::map<std::string, double> Read() {
  std::map<std::string, double> values;
  for (const std::string& sample : SamplesOf(ProcessFamilies())) {
    const size_t space = sample.rfind(' ');
    values[sample.substr(0, space)] = std::stod(sample.substr(space + 1));
  }
  return values;
}

TEST(ProcessFamilies, AreThoseOfThisProcess) {
  auto values = Read();
  const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_EQ(values.size(), 7U);
  EXPECT_GE(values["process_threads"], 1);
  EXPECT_GT(values["process_resident_memory_bytes"], 1 << 20);
  EXPECT_GT(values["process_virtual_memory_bytes"], values["process_resident_memory_bytes"]);
  EXPECT_NEAR(values["process_start_time_seconds"], now, 600);
  EXPECT_GE(values["process_max_fds"], values["process_open_fds"]);
}

TEST(ProcessFamilies, AnOpenDescriptorIsCounted) {
  const double before = Read()["process_open_fds"];
  const int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(Read()["process_open_fds"], before + 1);
  close(descriptor);
  EXPECT_EQ(Read()["process_open_fds"], before);
}

TEST(ProcessFamilies, CpuTimeGrowsByWhatIsUsed) {
  const double before = Read()["process_cpu_seconds_total"];
  const std::clock_t begin = std::clock();
  while (std::clock() - begin < CLOCKS_PER_SEC / 10) continue;
  const double used = Read()["process_cpu_seconds_total"] - before;
  EXPECT_GE(used, 0.05);  // the system counts in hundredths
  EXPECT_LT(used, 5);
}

}  // namespace
}  // namespace inlet::metrics
