// One line an event: how every room of the house says what happened, without knowing the logging library.
#ifndef INLET_INGEST_LOG_H_
#define INLET_INGEST_LOG_H_

#include <functional>
#include <initializer_list>
#include <string_view>

namespace inlet {

enum class LogLevel { kDebug, kInfo, kWarn, kError };

struct LogField {
  std::string_view key;
  std::string_view value;
};

// `event` in snake_case: Log(LogLevel::kInfo, "stream_created", {{"stream", name}}). Any thread. Secrets must not come
// here.
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

using LogSink = std::function<void(LogLevel, std::string_view event, std::initializer_list<LogField>)>;

// Before the first thread starts, and after the last has ended. Without a sink nothing is written.
void SetLogSink(LogSink sink);

}  // namespace inlet

#endif  // INLET_INGEST_LOG_H_
