// Counts and logs the TLS handshakes that fail on our server: without it such a peer leaves no trace.
#ifndef INLET_INGEST_WS_TLS_FAILURE_WATCH_H_
#define INLET_INGEST_WS_TLS_FAILURE_WATCH_H_

#include <chrono>

#include "ingest/ws/counters.h"
#include "ingest/ws/log_limiter.h"

struct ssl_ctx_st;
struct ssl_st;

namespace inlet::ws {

// Loop thread only. Outlives the handshakes on what it watches.
class TlsFailureWatch {
 public:
  // `failures` outlives it.
  explicit TlsFailureWatch(Counter& failures) : failures_(failures) {}
  TlsFailureWatch(const TlsFailureWatch&) = delete;
  TlsFailureWatch& operator=(const TlsFailureWatch&) = delete;

  // From now on it hears of the handshakes on `context`.
  void Watch(ssl_ctx_st* context);

 private:
  static void OnEvent(const ssl_st* connection, int where, int result);
  void OnFailure(const ssl_st* connection, const char* reason);

  Counter& failures_;
  LogLimiter log_{20, std::chrono::seconds(10)};
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_TLS_FAILURE_WATCH_H_
