// The process's log: spdlog's bounded queue and thread, our lines, our sink.
#include "service/logging/logging.h"

#include <fcntl.h>
#include <pthread.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/sink.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "ingest/error.h"
#include "ingest/log.h"
#include "ingest/text.h"
#include "service/logging/line_format.h"
#include "service/logging/line_sink.h"

namespace inlet::logging {
namespace {

// How long the end of the process waits for whoever reads the log.
constexpr std::chrono::milliseconds kPatienceAtExit{1000};

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

spdlog::level::level_enum Threshold(config::LogConfig::Level level) {
  switch (level) {
    case config::LogConfig::Level::kDebug:
      return spdlog::level::debug;
    case config::LogConfig::Level::kInfo:
      return spdlog::level::info;
    case config::LogConfig::Level::kWarn:
      return spdlog::level::warn;
    case config::LogConfig::Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

// Hands the lines of spdlog's queue to the LineSink. They are whole already: spdlog's patterns are not used.
class LineSinkAdapter final : public spdlog::sinks::sink {
 public:
  LineSinkAdapter(LineSink& lines, std::function<void()> before_line, std::function<void()> at_flush)
      : lines_(lines), before_line_(std::move(before_line)), at_flush_(std::move(at_flush)) {}

  void log(const spdlog::details::log_msg& message) override {
    before_line_();
    lines_.Write({message.payload.data(), message.payload.size()});
  }
  void flush() override { at_flush_(); }
  void set_pattern(const std::string& /*pattern*/) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter> /*formatter*/) override {}

 private:
  LineSink& lines_;
  const std::function<void()> before_line_;
  const std::function<void()> at_flush_;
};

// The thread must not take the signals that main waits for, nor die of a pipe that nobody reads any more.
void BlockAllSignals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

class SpdlogLogging final : public Logging {
 public:
  SpdlogLogging(const config::LogConfig& config, int fd, bool owned, std::string name)
      : json_(config.format == config::LogConfig::Format::kJson),
        sink_(fd, owned, std::move(name)),
        pool_(std::make_shared<spdlog::details::thread_pool>(kQueueLines, 1, BlockAllSignals)),
        queue_(pool_.get()),
        logger_(std::make_shared<spdlog::async_logger>("inlet",
                                                       std::make_shared<LineSinkAdapter>(
                                                           sink_, [this] { ReportMissing(); }, [this] { OnFlushed(); }),
                                                       pool_, spdlog::async_overflow_policy::overrun_oldest)) {
    logger_->set_level(Threshold(config.level));
    SetLogSink([this](LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
      Enqueue(level, event, fields);
    });
  }

  ~SpdlogLogging() override {
    SetLogSink(nullptr);
    sink_.GiveUpAfter(kPatienceAtExit);
    pool_.reset();  // joins once the queue is empty
  }

  SpdlogLogging(const SpdlogLogging&) = delete;
  SpdlogLogging& operator=(const SpdlogLogging&) = delete;

  void Flush() override {
    std::unique_lock lock(flush_mutex_);
    const uint64_t wanted = ++flushes_asked_;
    logger_->flush();  // waits in the queue behind the lines, and for nobody
    flushed_.wait_for(lock, kPatienceAtExit, [&] { return flushes_done_ >= wanted; });
  }

  [[nodiscard]] uint64_t lines_dropped() const override { return queue_->overrun_counter(); }
  [[nodiscard]] uint64_t lines_lost() const override { return sink_.lines_lost(); }

 private:
  // On the log's thread.
  void OnFlushed() {
    const std::lock_guard lock(flush_mutex_);
    ++flushes_done_;
    flushed_.notify_all();
  }

  void Enqueue(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    const spdlog::level::level_enum spdlog_level = ToSpdlog(level);
    if (!logger_->should_log(spdlog_level)) return;
    const std::string line = Format({std::chrono::system_clock::now(), level, event, fields});
    logger_->log(spdlog_level, spdlog::string_view_t(line.data(), line.size()));
  }

  // On the log's thread, before each line: what is missing above it.
  void ReportMissing() {
    ReportCount("log_lines_dropped", lines_dropped(), dropped_reported_);
    ReportCount("log_lines_lost", lines_lost(), lost_reported_);
  }

  void ReportCount(std::string_view event, uint64_t count, uint64_t& reported) {
    if (count != reported && sink_.TryWrite(CountLine(event, count - reported))) reported = count;
  }

  [[nodiscard]] std::string CountLine(std::string_view event, uint64_t count) const {
    return Format({std::chrono::system_clock::now(), LogLevel::kWarn, event, {{"count", std::to_string(count)}}});
  }

  [[nodiscard]] std::string Format(const Event& event) const { return json_ ? FormatJson(event) : FormatText(event); }

  const bool json_;
  LineSink sink_;
  uint64_t dropped_reported_ = 0;
  uint64_t lost_reported_ = 0;
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  // For the log's thread, which still works while `pool_` is being reset.
  spdlog::details::thread_pool* const queue_;
  std::shared_ptr<spdlog::async_logger> logger_;
  std::mutex flush_mutex_;
  std::condition_variable flushed_;
  uint64_t flushes_asked_ = 0;
  uint64_t flushes_done_ = 0;
};

absl::Status CannotOpen(const std::string& path, int error) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      Concat({"cannot open the log file '", path, "': ", std::generic_category().message(error),
              "; create its folder, let this user write there, or leave log.file empty for standard error"}),
      {.reason = "FIELD_INVALID", .metadata = {{"file", path}}, .field = "log.file"});
}

}  // namespace

absl::StatusOr<std::unique_ptr<Logging>> Start(const config::LogConfig& config) {
  if (config.file.empty()) {
    return std::make_unique<SpdlogLogging>(config, STDERR_FILENO, /*owned=*/false, "standard error");
  }
  // Without blocking: a named pipe that nobody reads is an error to tell, not a start that hangs.
  const int fd = open(config.file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0640);
  if (fd < 0) return CannotOpen(config.file, errno);
  return std::make_unique<SpdlogLogging>(config, fd, /*owned=*/true, config.file);
}

}  // namespace inlet::logging
