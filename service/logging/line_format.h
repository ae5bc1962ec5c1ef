// One event as one line of text, `key=value` or JSON, whatever bytes its values hold.
#ifndef INLET_SERVICE_LOGGING_LINE_FORMAT_H_
#define INLET_SERVICE_LOGGING_LINE_FORMAT_H_

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "ingest/log.h"

namespace inlet::logging {

// A longer value is cut, and says by how many bytes. No value, however long, makes the queue of lines grow.
inline constexpr std::size_t kMaxValueBytes = 2048;
// A field that would make the line longer than this is left out, and `fields_left_out` tells how many were.
inline constexpr std::size_t kMaxLineBytes = 8192;

// What happened, when.
struct Event {
  std::chrono::system_clock::time_point time;
  LogLevel level;
  std::string_view name;
  std::initializer_list<LogField> fields;
};

// Both: without a line feed at the end, and with none inside. Any thread.

// `time=2026-11-24T08:00:00.123Z level=info event=stream_created stream=demo`. A value that holds anything but
// printable characters is quoted, its backslashes, quotes, control characters and bytes that are no UTF-8 escaped as in
// C.
std::string FormatText(const Event& event);

// `{"time":"2026-11-24T08:00:00.123Z","level":"info","event":"stream_created","stream":"demo"}`. All values are
// strings; a byte that is no UTF-8 becomes U+FFFD.
std::string FormatJson(const Event& event);

}  // namespace inlet::logging

#endif  // INLET_SERVICE_LOGGING_LINE_FORMAT_H_
