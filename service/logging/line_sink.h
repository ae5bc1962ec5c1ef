// Writes lines to a file descriptor, and survives what can go wrong there: no reader, no room.
#ifndef INLET_SERVICE_LOGGING_LINE_SINK_H_
#define INLET_SERVICE_LOGGING_LINE_SINK_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace inlet::logging {

// Writing belongs to one thread, the log's own; the rest is for any thread.
class LineSink {
 public:
  // Owns `fd` if `owned`. `name` is what a message calls it: the file's path, or "standard error".
  LineSink(int fd, bool owned, std::string name);
  ~LineSink();
  LineSink(const LineSink&) = delete;
  LineSink& operator=(const LineSink&) = delete;

  // Adds the line feed. Waits for a reader that does not take its data (a full pipe), until GiveUpAfter() says
  // otherwise. False: the line is lost and counted. The first such failure is told once on standard error.
  bool Write(std::string_view line);

  // As Write(), but a failure is neither counted nor told: the caller will try again.
  bool TryWrite(std::string_view line);

  // From `patience` from now on no call waits any longer: what cannot be written at once is not written.
  void GiveUpAfter(std::chrono::milliseconds patience);

  [[nodiscard]] uint64_t lines_lost() const { return lost_.load(std::memory_order_relaxed); }

 private:
  bool WriteBytes(std::string_view bytes);
  bool WaitUntilWritable();
  void CountLost(int error);

  const int fd_;
  const bool owned_;
  const std::string name_;
  std::atomic<uint64_t> lost_{0};
  std::atomic<int64_t> give_up_at_ms_;  // of the monotonic clock
  bool told_on_stderr_ = false;
  bool line_is_torn_ = false;  // the last line was written in part: the next must not be glued to it
};

}  // namespace inlet::logging

#endif  // INLET_SERVICE_LOGGING_LINE_SINK_H_
