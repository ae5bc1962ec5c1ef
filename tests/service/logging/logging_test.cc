// Promises of the log: nothing waits for it, nothing goes missing unsaid, and a bad file is told at the start.
#include "service/logging/logging.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest/error.h"
#include "ingest/log.h"
#include "tests/fakes/temporary_folder.h"

namespace inlet::logging {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ExitedWithCode;
using ::testing::HasSubstr;
using ::testing::Not;

class LoggingTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string PathOf(const std::string& name) const { return (folder_ / name).string(); }

  static std::string Contents(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  TemporaryFolder folder_;
};

config::LogConfig ToFile(const std::string& path) {
  config::LogConfig config;
  config.file = path;
  return config;
}

std::unique_ptr<Logging> MustStart(const config::LogConfig& config) {
  absl::StatusOr<std::unique_ptr<Logging>> logging = Start(config);
  EXPECT_TRUE(logging.ok()) << logging.status();
  return logging.ok() ? *std::move(logging) : nullptr;
}

std::size_t CountOf(const std::string& text, const std::string& needle) {
  std::size_t count = 0;
  for (std::size_t at = text.find(needle); at != std::string::npos; at = text.find(needle, at + 1)) ++count;
  return count;
}

TEST_F(LoggingTest, EveryLineIsInTheFileOnceTheLogHasEnded) {
  std::unique_ptr<Logging> logging = MustStart(ToFile(PathOf("log")));
  for (int i = 0; i < 1000; ++i) Log(LogLevel::kInfo, "tick", {{"i", std::to_string(i)}});
  EXPECT_EQ(logging->lines_dropped(), 0U);
  logging.reset();
  const std::string text = Contents(PathOf("log"));
  EXPECT_EQ(CountOf(text, "\n"), 1000U);
  EXPECT_THAT(text, AllOf(HasSubstr(" level=info event=tick i=0\n"), HasSubstr(" event=tick i=999\n")));
}

TEST_F(LoggingTest, AFileIsContinuedNotOverwritten) {
  MustStart(ToFile(PathOf("log")));
  for (const char* event : {"first", "second"}) {
    const std::unique_ptr<Logging> logging = MustStart(ToFile(PathOf("log")));
    Log(LogLevel::kInfo, event);
  }
  EXPECT_THAT(Contents(PathOf("log")), AllOf(HasSubstr("event=first\n"), HasSubstr("event=second\n")));
}

TEST_F(LoggingTest, LevelsBelowTheConfiguredOneAreNotWritten) {
  config::LogConfig config = ToFile(PathOf("log"));
  config.level = config::LogConfig::Level::kWarn;
  std::unique_ptr<Logging> logging = MustStart(config);
  Log(LogLevel::kInfo, "quiet");
  Log(LogLevel::kWarn, "loud");
  logging.reset();
  EXPECT_THAT(Contents(PathOf("log")), AllOf(Not(HasSubstr("quiet")), HasSubstr("event=loud")));
}

TEST_F(LoggingTest, JsonIsWrittenWhenConfigured) {
  config::LogConfig config = ToFile(PathOf("log"));
  config.format = config::LogConfig::Format::kJson;
  std::unique_ptr<Logging> logging = MustStart(config);
  Log(LogLevel::kInfo, "tick");
  logging.reset();
  EXPECT_THAT(Contents(PathOf("log")), HasSubstr(R"("level":"info","event":"tick"})"));
}

TEST_F(LoggingTest, WithoutAFileTheLinesGoToStandardError) {
  ::testing::internal::CaptureStderr();
  std::unique_ptr<Logging> logging = MustStart({});
  Log(LogLevel::kInfo, "hello");
  logging.reset();
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("event=hello\n"));
}

TEST_F(LoggingTest, AfterTheEndNothingIsWrittenAndNothingCrashes) {
  MustStart(ToFile(PathOf("log"))).reset();
  Log(LogLevel::kInfo, "late");
  EXPECT_EQ(Contents(PathOf("log")), "");
}

TEST_F(LoggingTest, LinesOfManyThreadsStayWhole) {
  std::unique_ptr<Logging> logging = MustStart(ToFile(PathOf("log")));
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 500; ++i) Log(LogLevel::kInfo, "tick", {{"end", "yes"}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(logging->lines_dropped(), 0U);
  logging.reset();
  const std::string text = Contents(PathOf("log"));
  EXPECT_EQ(CountOf(text, " level=info event=tick end=yes\n"), 2000U);
  EXPECT_EQ(CountOf(text, "\n"), 2000U);
}

TEST_F(LoggingTest, AMissingFolderIsAnErrorAtTheStartThatNamesTheFile) {
  const std::string path = PathOf("missing/log");
  const absl::StatusOr<std::unique_ptr<Logging>> logging = Start(ToFile(path));
  ASSERT_FALSE(logging.ok());
  EXPECT_EQ(logging.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(logging.status().message()), AllOf(HasSubstr(path), HasSubstr("No such file or directory")));
  EXPECT_EQ(GetErrorDetail(logging.status()).field, "log.file");
}

TEST_F(LoggingTest, AFolderInPlaceOfAFileIsAnErrorAtTheStart) {
  const absl::StatusOr<std::unique_ptr<Logging>> logging = Start(ToFile(folder_.string()));
  ASSERT_FALSE(logging.ok());
  EXPECT_THAT(std::string(logging.status().message()), HasSubstr("Is a directory"));
}

TEST_F(LoggingTest, APipeThatNobodyReadsIsAnErrorAtTheStartNotAHang) {
  ASSERT_EQ(mkfifo(PathOf("pipe").c_str(), 0600), 0);
  EXPECT_FALSE(Start(ToFile(PathOf("pipe"))).ok());
}

// Exit code 0: the folder, which may only be read, was refused. Root may write anywhere, so it becomes nobody first.
void ExitZeroIfRefused(const std::string& path) {
  constexpr uid_t kNobody = 65534;
  if (geteuid() == 0 && setuid(kNobody) != 0) std::_Exit(2);
  const absl::StatusOr<std::unique_ptr<Logging>> logging = Start(ToFile(path));
  const bool told = !logging.ok() && logging.status().message().find("Permission denied") != absl::string_view::npos;
  std::_Exit(told ? 0 : 1);
}

TEST_F(LoggingTest, AReadOnlyFolderIsAnErrorAtTheStart) {
  fs::permissions(folder_.path(),
                  fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  EXPECT_EXIT(ExitZeroIfRefused(PathOf("log")), ExitedWithCode(0), "");
}

TEST_F(LoggingTest, AFullDiskIsToldOnceAndEveryLostLineIsCounted) {
  ::testing::internal::CaptureStderr();
  std::unique_ptr<Logging> logging = MustStart(ToFile("/dev/full"));
  for (int i = 0; i < 100; ++i) Log(LogLevel::kInfo, "tick");
  while (logging->lines_lost() < 100) std::this_thread::yield();
  EXPECT_EQ(logging->lines_lost(), 100U);
  logging.reset();
  const std::string told = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(told, AllOf(HasSubstr("/dev/full"), HasSubstr("No space left on device")));
  EXPECT_EQ(CountOf(told, "\n"), 1U) << told;
}

// A named pipe that is read only when the test says so.
class Pipe {
 public:
  explicit Pipe(const std::string& path) {
    EXPECT_EQ(mkfifo(path.c_str(), 0600), 0);
    fd_ = open(path.c_str(), O_RDONLY | O_NONBLOCK);
    EXPECT_GE(fd_, 0);
    fcntl(fd_, F_SETFL, 0);  // reads wait from here on
  }
  ~Pipe() { Close(); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

  // Until `end` was read, or the writer has closed.
  [[nodiscard]] std::string ReadUntil(const std::string& end) const {
    std::string text;
    std::array<char, 4096> piece{};
    while (text.find(end) == std::string::npos) {
      const ssize_t size = read(fd_, piece.data(), piece.size());
      if (size <= 0) break;
      text.append(piece.data(), static_cast<std::size_t>(size));
    }
    return text;
  }

 private:
  int fd_ = -1;
};

// What all the `event=log_lines_dropped` lines of a log tell together.
uint64_t DroppedAsTold(const std::string& text) {
  const std::string key = "event=log_lines_dropped count=";
  uint64_t sum = 0;
  for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + 1)) {
    sum += std::strtoull(text.c_str() + at + key.size(), nullptr, 10);
  }
  return sum;
}

// More lines than the queue and the pipe can hold together.
constexpr std::size_t kTooManyLines = kQueueLines * 3;

TEST_F(LoggingTest, WithoutAReaderLogNeverWaitsAndTheOldestLinesGiveWayCounted) {
  const Pipe pipe(PathOf("pipe"));
  const std::unique_ptr<Logging> logging = MustStart(ToFile(PathOf("pipe")));
  for (std::size_t i = 0; i < kTooManyLines; ++i) Log(LogLevel::kInfo, "tick", {{"i", std::to_string(i)}});
  const uint64_t dropped = logging->lines_dropped();
  EXPECT_GT(dropped, 0U);
  const std::string newest = " i=" + std::to_string(kTooManyLines - 1) + "\n";
  const std::string text = pipe.ReadUntil(newest);
  EXPECT_EQ(CountOf(text, "event=tick"), kTooManyLines - dropped);
  EXPECT_EQ(DroppedAsTold(text), dropped);
  EXPECT_THAT(text, HasSubstr(newest));
}

TEST_F(LoggingTest, TheEndOfTheProcessWaitsOnlyAMomentForAReaderThatDoesNotRead) {
  const Pipe pipe(PathOf("pipe"));
  std::unique_ptr<Logging> logging = MustStart(ToFile(PathOf("pipe")));
  for (std::size_t i = 0; i < kTooManyLines; ++i) Log(LogLevel::kInfo, "tick");
  logging.reset();  // hangs for ever where the promise is broken
}

TEST_F(LoggingTest, AReaderThatGoesAwayCostsLinesNotTheProcess) {
  Pipe pipe(PathOf("pipe"));
  ::testing::internal::CaptureStderr();
  std::unique_ptr<Logging> logging = MustStart(ToFile(PathOf("pipe")));
  pipe.Close();
  Log(LogLevel::kInfo, "tick");
  while (logging->lines_lost() < 1) std::this_thread::yield();
  logging.reset();
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("Broken pipe"));
}

// The reader comes back: the lines that were lost meanwhile are told above the next one.
TEST_F(LoggingTest, LostLinesAreToldInTheLogOnceItTakesLinesAgain) {
  auto pipe = std::make_unique<Pipe>(PathOf("pipe"));
  ::testing::internal::CaptureStderr();
  std::unique_ptr<Logging> logging = MustStart(ToFile(PathOf("pipe")));
  pipe.reset();
  Log(LogLevel::kInfo, "lost");
  while (logging->lines_lost() < 1) std::this_thread::yield();
  const int reader = open(PathOf("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  Log(LogLevel::kInfo, "kept");
  logging.reset();
  ::testing::internal::GetCapturedStderr();
  std::array<char, 4096> text{};
  ASSERT_GT(read(reader, text.data(), text.size() - 1), 0);
  close(reader);
  EXPECT_THAT(text.data(), AllOf(HasSubstr("event=log_lines_lost count=1\n"), HasSubstr("event=kept\n")));
}

}  // namespace
}  // namespace inlet::logging
