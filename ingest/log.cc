// One line an event: the place where the process puts its sink.
#include "ingest/log.h"

#include <utility>

namespace inlet {
namespace {

LogSink& Sink() {
  static LogSink sink;
  return sink;
}

}  // namespace

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (const LogSink& sink = Sink()) sink(level, event, fields);
}

void SetLogSink(LogSink sink) { Sink() = std::move(sink); }

}  // namespace inlet
