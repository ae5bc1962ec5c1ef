// What libwebsockets says goes to the log: a stranger can cause error lines (a header too long), so they are few.
#include "ingest/ws/library_log.h"

#include <libwebsockets.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/log.h"
#include "ingest/ws/log_limiter.h"

namespace inlet::ws {
namespace {

// What it quotes are a peer's words, which may hold a secret that the peer was sent.
std::string_view WithoutQuotation(std::string_view text) { return text.substr(0, text.find('\'')); }

void LogLine(int level, const char* line) {
  static std::mutex mutex;
  static LogLimiter limiter(10, std::chrono::seconds(10));
  std::string_view text(line);
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  std::optional<uint64_t> left_out;
  {
    const std::lock_guard lock(mutex);
    left_out = limiter.Admit(std::chrono::steady_clock::now());
  }
  if (!left_out) return;
  Log(level == LLL_ERR ? LogLevel::kWarn : LogLevel::kInfo, "libwebsockets",
      {{"text", WithoutQuotation(text)}, {"left_out", std::to_string(*left_out)}});
}

}  // namespace

void LogWhatTheLibrarySays() { lws_set_log_level(LLL_ERR | LLL_WARN, &LogLine); }

}  // namespace inlet::ws
