// Keeps a stranger from filling the log.
#ifndef INLET_INGEST_WS_LOG_LIMITER_H_
#define INLET_INGEST_WS_LOG_LIMITER_H_

#include <chrono>
#include <cstdint>
#include <optional>

namespace inlet::ws {

// At most `burst` lines in each `interval`. Not thread-safe.
class LogLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  LogLimiter(uint32_t burst, std::chrono::seconds interval) : burst_(burst), interval_(interval) {}

  // Nothing: say nothing. Otherwise how many lines were left out since the last one that was said.
  std::optional<uint64_t> Admit(Time now) {
    if (now - begin_ >= interval_) {
      begin_ = now;
      said_ = 0;
    }
    if (said_ == burst_) {
      ++left_out_;
      return std::nullopt;
    }
    ++said_;
    const uint64_t left_out = left_out_;
    left_out_ = 0;
    return left_out;
  }

 private:
  const uint32_t burst_;
  const std::chrono::seconds interval_;
  Time begin_{};
  uint32_t said_ = 0;
  uint64_t left_out_ = 0;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_LOG_LIMITER_H_
