// Puts the process's log behind ingest/log.h: a bounded queue, a thread of its own, and a file or standard error.
#ifndef INLET_SERVICE_LOGGING_LOGGING_H_
#define INLET_SERVICE_LOGGING_LOGGING_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "service/config/app_config.h"

namespace inlet::logging {

// Lines that wait for the log's thread; one is at most about 8 KiB (kMaxLineBytes). When the queue is full the oldest
// line gives way and is counted: Log() never waits for a disk or a terminal.
inline constexpr std::size_t kQueueLines = 4096;

// A running log. Destroy it after the last thread that logs has ended: it takes the sink back from ingest/log.h and
// writes what waits, for one second at most where nobody reads.
class Logging {
 public:
  virtual ~Logging() = default;
  Logging(const Logging&) = delete;
  Logging& operator=(const Logging&) = delete;

  // Writes what was logged before the call, for one second at most where nobody reads. Any thread. For a process that
  // ends while threads may still log.
  virtual void Flush() = 0;

  // Counters since the start, any thread. Each is also told by a line in the log itself (`event=log_lines_dropped`,
  // `event=log_lines_lost`), as soon as one can be written.
  [[nodiscard]] virtual uint64_t lines_dropped() const = 0;  // the queue was full
  [[nodiscard]] virtual uint64_t lines_lost() const = 0;     // the file did not take them: a full disk, for example

 protected:
  Logging() = default;
};

// Call before the first thread starts. FAILED_PRECONDITION, with the path and what to do, if the file cannot be opened.
absl::StatusOr<std::unique_ptr<Logging>> Start(const config::LogConfig& config);

}  // namespace inlet::logging

#endif  // INLET_SERVICE_LOGGING_LOGGING_H_
