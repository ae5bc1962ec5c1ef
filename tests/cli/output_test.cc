// Writing to a pipe whose reader comes and goes.
#include "cli/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace inlet::cli {
namespace {

TEST(Output, WritesAllThatWasAppended) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  Output output(ends[1]);
  output.buffer() += "one\n";
  output.FlushIfLarge();
  EXPECT_EQ(output.buffer(), "one\n");
  output.Flush();
  std::array<char, 16> read_back{};
  EXPECT_EQ(read(ends[0], read_back.data(), read_back.size()), 4);
  EXPECT_FALSE(output.closed());
  close(ends[0]);
  close(ends[1]);
}

TEST(Output, AReaderThatHasGoneIsNoError) {
  std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  close(ends[0]);
  Output output(ends[1]);
  output.buffer() += "one\n";
  output.Flush();
  EXPECT_TRUE(output.closed());
  EXPECT_EQ(output.error(), "");
  EXPECT_EQ(output.buffer(), "");
  close(ends[1]);
}

TEST(Output, AFullDiskIsAnError) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  Output output(full);
  output.buffer() += "one\n";
  output.Flush();
  EXPECT_TRUE(output.closed());
  EXPECT_EQ(output.error(), "No space left on device");
  close(full);
}

}  // namespace
}  // namespace inlet::cli
