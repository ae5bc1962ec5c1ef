// Text messages that wait for the socket of one connection: in, and out.
#include "ingest/ws/send_queue.h"

#include <libwebsockets.h>

#include <utility>

namespace inlet::ws {

bool SendQueue::Push(std::string_view text, uint64_t most_of_all) {
  const size_t cost = text.size() + kTextOverhead;
  const size_t room = empty() ? kMostBytes + kTextOverhead : kMostBytes;
  if (bytes_ + cost > room || total_.value() + cost > most_of_all) return false;
  std::string frame(LWS_PRE, '\0');
  frame.append(text);
  texts_.push_back(std::move(frame));
  bytes_ += cost;
  total_.Add(cost);
  return true;
}

int SendQueue::WriteNext(lws* wsi) {
  const size_t written = std::exchange(in_library_, 0);
  bytes_ -= written;
  total_.Subtract(written);
  if (texts_.empty()) return 0;
  std::string frame = std::move(texts_.front());
  texts_.pop_front();
  const size_t size = frame.size() - LWS_PRE;
  in_library_ = size + kTextOverhead;
  lws_callback_on_writable(wsi);
  unsigned char* const text = reinterpret_cast<unsigned char*>(frame.data()) + LWS_PRE;
  if (lws_write(wsi, text, size, LWS_WRITE_TEXT) < 0) return -1;
  sent_.Add();
  return 0;
}

}  // namespace inlet::ws
