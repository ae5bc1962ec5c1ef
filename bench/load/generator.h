// Sends messages over many connections in one of four ways, and reports what it did.
#ifndef INLET_BENCH_LOAD_GENERATOR_H_
#define INLET_BENCH_LOAD_GENERATOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/common/cpu_meter.h"
#include "bench/common/histogram.h"
#include "bench/common/message.h"
#include "bench/load/dialer.h"
#include "bench/load/listener.h"

namespace inlet::bench {

enum class Mode {
  // Each connection writes large buffers of messages as fast as its socket takes them.
  kFlood,
  // One message a write, the connections in turn: as long as the service keeps up, it reads one message at a time.
  kSingle,
  // Open loop: message k is due at k / rate, whatever the service does; its stamp is the time at which it was due.
  kPaced,
  // Only silent connections.
  kIdle,
};

struct LoadOptions {
  Target target;
  bool listen = false;  // take connections on the target's address instead of dialling it
  // PEM files, for a target with TLS: whom a dialler trusts; who a listener is.
  std::string authority;
  std::string certificate;
  std::string key;
  Mode mode = Mode::kFlood;
  size_t connections = 1;
  size_t idle = 0;        // silent connections beside them
  double seconds = 2;     // sending ends after it
  uint64_t messages = 0;  // or after so many over all connections; 0: no such limit
  double rate = 1000;     // kPaced: messages a second over all connections
  size_t size = kDefaultMessage;
  size_t write_bytes = 256 << 10;  // kFlood: most bytes of one write
  double drain_seconds = 5;        // how long to wait for the close handshakes at the end
  bool gate = false;               // print "ready" and wait for a line on standard input before sending
  DialOptions dial;
};

struct LoadResult {
  uint64_t messages = 0;
  double seconds = 0;          // of sending
  double drained_seconds = 0;  // from the first write to the end of the last close handshake
  CpuUse use;                  // while sending
  uint64_t blocked = 0;        // writes that the socket did not take
  uint64_t dropped = 0;        // kPaced: due, but more than 4 MiB waited on the connection
  Histogram lateness_nanos;    // kPaced: from due to written
  size_t broken = 0;           // connections that the service closed while we were sending
  size_t closed_cleanly = 0;   // close handshake completed: the service has read everything that was sent on it
};

// One thread does all. Call Prepare, Open, AwaitGate, Send, Drain in this order.
class Generator {
 public:
  explicit Generator(const LoadOptions& options);
  ~Generator();
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  // Reads the TLS material, and opens the address if we are to listen. False, with the reason in `error`.
  bool Prepare(std::string* error);
  // Makes all connections, or blocks until they have come. False, with the reason in `error`.
  bool Open(std::string* error);
  // Answers pings until a line, or the end of standard input, comes; at most an hour.
  void AwaitGate();
  void Send();
  void Drain();

  const LoadResult& result() const { return result_; }

 private:
  using Connections = std::vector<std::unique_ptr<Connection>>;

  void SendFlood();
  void SendSingle();
  void SendPaced();
  void StayIdle();

  // The same for senders and silent ones: who dials, and how. `dial` is for the former.
  bool Connect(size_t count, const DialOptions& dial, Connections* connections, std::string* error);
  // Handles what the sockets have for us, waiting at most so long. True if standard input has something.
  bool Poll(int timeout_ms) const;
  void Watch(const Connection& connection, uint32_t events);
  bool Expired() const;
  // Shares options_.messages out among the connections.
  void SetQuotas();
  // Ends the frame that is under way on each connection. Gives up on those that do not take it in time.
  void FinishFrames();
  uint64_t FramesSent() const;

  const LoadOptions options_;
  const Masking masking_;
  const size_t frame_size_;
  const std::string frames_;  // the run of frames for kFlood and kSingle
  int epoll_ = -1;
  TlsContext tls_;
  Listener listener_;
  Connections senders_;
  Connections idle_;
  uint64_t begin_ = 0;  // MonotonicNanos, as all times
  uint64_t end_ = 0;    // MonotonicNanos
  LoadResult result_;
};

}  // namespace inlet::bench

#endif  // INLET_BENCH_LOAD_GENERATOR_H_
