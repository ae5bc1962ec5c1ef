// A TCP proxy on loopback that spoils the connections that go through it, as planned.
#ifndef INLET_TESTS_INGEST_WS_FAULT_PROXY_H_
#define INLET_TESTS_INGEST_WS_FAULT_PROXY_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace inlet::ws {

// What becomes of one connection.
struct FaultPlan {
  static constexpr uint64_t kNever = std::numeric_limits<uint64_t>::max();
  enum class End : uint8_t {
    kClose,      // both sides see an end (FIN)
    kReset,      // both sides see a reset (RST)
    kBlackHole,  // nothing passes any more, and nobody is told
  };

  End end = End::kClose;
  uint64_t to_client = kNever;         // the end comes once so many bytes have passed to the client
  uint64_t to_server = kNever;         // or so many to the server
  size_t piece = 0;                    // most bytes that pass at once; 0: as they come
  std::chrono::milliseconds delay{0};  // before each piece
};

// Bytes of one connection.
struct FaultFlow {
  uint64_t to_client = 0;  // passed on
  uint64_t to_server = 0;
  uint64_t arrived_at_client = 0;  // the other side's kernel has them for sure; known once the connection has ended
  uint64_t arrived_at_server = 0;
  bool ended = false;
};

// Any thread. The connections of a destroyed proxy are reset.
class FaultProxy {
 public:
  // Called in the proxy's thread for each connection, counted from 0.
  using Planner = std::function<FaultPlan(size_t connection)>;

  // Each connection leads to 127.0.0.1:`server_port`, in the order of their coming.
  FaultProxy(uint16_t server_port, Planner planner);
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  uint16_t port() const { return port_; }
  // One for each connection so far.
  std::vector<FaultFlow> Flows() const;

 private:
  class Connection;

  void Run();
  void Accept();

  const uint16_t server_port_;
  const Planner planner_;
  int listener_ = -1;
  uint16_t port_ = 0;
  int stop_ = -1;                                         // an eventfd
  std::vector<std::unique_ptr<Connection>> connections_;  // the proxy's thread
  mutable std::mutex mutex_;
  std::vector<FaultFlow> flows_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_FAULT_PROXY_H_
