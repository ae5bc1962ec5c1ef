// Text messages that wait for the socket of one connection.
#ifndef INLET_INGEST_WS_SEND_QUEUE_H_
#define INLET_INGEST_WS_SEND_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <string_view>

#include "ingest/ws/counters.h"

struct lws;

namespace inlet::ws {

// Loop thread only.
class SendQueue {
 public:
  // Of one connection.
  static constexpr size_t kMostBytes = 1U << 20;
  // What a text costs beside its own bytes.
  static constexpr size_t kTextOverhead = 96;

  // `total` counts what all queues together cost, in bytes, `sent` the texts that were written; both outlive it.
  SendQueue(Counter& total, Counter& sent) : total_(total), sent_(sent) {}
  ~SendQueue() { total_.Subtract(bytes_); }
  SendQueue(const SendQueue&) = delete;
  SendQueue& operator=(const SendQueue&) = delete;

  // False: there is no room here, or not among the `most_of_all` bytes of all queues. An empty queue takes each text of
  // at most kMostBytes.
  bool Push(std::string_view text, uint64_t most_of_all = std::numeric_limits<uint64_t>::max());

  // To be called when the socket can be written. Writes the oldest text, if there is one; its bytes are counted until
  // the next call, since libwebsockets keeps what the socket does not take. -1: the connection is to be closed; 0:
  // fine.
  int WriteNext(lws* wsi);

  // Whether nothing waits, not even in libwebsockets.
  bool empty() const { return bytes_ == 0 && texts_.empty(); }

 private:
  Counter& total_;
  Counter& sent_;
  std::deque<std::string> texts_;  // each with LWS_PRE bytes before it
  size_t bytes_ = 0;               // what they cost, those that libwebsockets keeps included
  size_t in_library_ = 0;          // of bytes_
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_SEND_QUEUE_H_
