// A WebSocket server that sends numbered messages as fast as it can, and goes on counting from one connection to the
// next.
#ifndef INLET_TESTS_INGEST_WS_COUNTING_SERVER_H_
#define INLET_TESTS_INGEST_WS_COUNTING_SERVER_H_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/ingest/ws/raw_server.h"

namespace inlet::ws {

// One connection at a time, so that numbers never go to two; who connects must be gone before it is destroyed.
class CountingServer {
 public:
  CountingServer();
  ~CountingServer();
  CountingServer(const CountingServer&) = delete;
  CountingServer& operator=(const CountingServer&) = delete;

  uint16_t port() const { return server_.port(); }
  // The present connection and later ones get nothing more, and stay open. Returns the last number that was sent.
  uint64_t Pause();
  // The first number that the n-th connection could get.
  uint64_t First(size_t connection) const;
  // How many of its messages are whole in the first `bytes` of what was sent on the n-th connection.
  uint64_t WholeIn(size_t connection, uint64_t bytes) const;

  static std::string TextOf(uint64_t number);
  // Its inverse. 0: it is none of these texts.
  static uint64_t NumberOf(const std::string& text);

 private:
  void Run();
  void Serve(RawPeer peer);
  // Messages from next_ on.
  std::string Batch();

  RawServer server_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  uint64_t next_ = 1;             // guarded by mutex_
  bool paused_ = false;           // guarded by mutex_
  std::vector<uint64_t> firsts_;  // guarded by mutex_; of each connection
  std::thread thread_;
};

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_COUNTING_SERVER_H_
