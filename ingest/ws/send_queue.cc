// Text messages that wait for the socket of one connection: in, and out.
#include "ingest/ws/send_queue.h"

#include <libwebsockets.h>

#include <utility>

namespace inlet::ws {

bool SendQueue::Push(std::string_view text, uint64_t most_of_all) {
  if (bytes_ + text.size() > kMostBytes || total_.value() + text.size() > most_of_all) return false;
  std::string frame(LWS_PRE, '\0');
  frame.append(text);
  texts_.push_back(std::move(frame));
  bytes_ += text.size();
  total_.Add(text.size());
  return true;
}

int SendQueue::WriteNext(lws* wsi) {
  const size_t written = std::exchange(in_library_, 0);
  bytes_ -= written;
  total_.Subtract(written);
  if (texts_.empty()) return 0;
  std::string frame = std::move(texts_.front());
  texts_.pop_front();
  in_library_ = frame.size() - LWS_PRE;
  lws_callback_on_writable(wsi);
  unsigned char* const text = reinterpret_cast<unsigned char*>(frame.data()) + LWS_PRE;
  if (lws_write(wsi, text, in_library_, LWS_WRITE_TEXT) < 0) return -1;
  sent_.Add();
  return 0;
}

}  // namespace inlet::ws
