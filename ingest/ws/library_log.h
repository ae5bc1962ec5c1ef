// What libwebsockets says goes to the log, a few lines at a time.
#ifndef INLET_INGEST_WS_LIBRARY_LOG_H_
#define INLET_INGEST_WS_LIBRARY_LOG_H_

namespace inlet::ws {

// Warnings and errors of the library, for the whole process; at most 10 lines in 10 s. Any thread; before a context is
// made.
void LogWhatTheLibrarySays();

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_LIBRARY_LOG_H_
