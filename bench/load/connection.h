// One WebSocket connection, of a client or of a server.
#ifndef INLET_BENCH_LOAD_CONNECTION_H_
#define INLET_BENCH_LOAD_CONNECTION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "bench/load/frame.h"
#include "bench/load/link.h"

namespace inlet::bench {

// Sends frames as the socket takes them and answers pings between two frames. One thread.
class Connection {
 public:
  // `link` has been upgraded; `received` has come behind the handshake. `masking`: of what we send.
  Connection(std::unique_ptr<Link> link, Masking masking, std::string received = "");
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int fd() const { return link_->fd(); }
  // The peer has closed, or the socket broke. Nothing is sent any more.
  bool closed() const { return link_->closed(); }
  // The peer has answered our close frame, or has sent one.
  bool close_frame_received() const { return close_frame_received_; }
  uint64_t frames_sent() const { return frames_sent_; }

  // SendRepeated stops for good when frames_sent() is this. 0, the default: it never sends.
  void set_quota(uint64_t frames) { quota_ = frames; }
  bool sends() const { return quota_ > 0; }
  bool finished() const { return closed() || frames_sent_ >= quota_; }

  // Sends from `frames`, which is a run of frames of `frame_size` bytes that is repeated without end, until the socket
  // is full, `most_bytes` are gone, or the quota is reached; always the same run for one connection. Returns the bytes
  // sent; 0 if the socket takes none.
  size_t SendRepeated(std::string_view frames, size_t frame_size, size_t most_bytes);
  // A frame of SendRepeated is under way.
  bool mid_frame(size_t frame_size) const { return position_ % frame_size != 0; }

  // Appends one frame to the queue. False, and nothing queued, if more than kMostQueued bytes wait already.
  bool Queue(std::string_view frame);
  // Sends what is queued. True if all is gone.
  bool Flush();

  // Reads what has come; pings are answered as soon as no frame is under way.
  void Receive();
  // Queues a close frame (1000). Call it with no frame under way.
  void QueueClose();

 private:
  static constexpr size_t kMostQueued = size_t{4} << 20;

  void HandleFrames();

  const std::unique_ptr<Link> link_;
  const Masking masking_;
  bool close_frame_received_ = false;
  size_t position_ = 0;  // in the repeated run
  uint64_t frames_sent_ = 0;
  uint64_t quota_ = 0;
  std::string queue_;      // frames that wait for the socket
  size_t queue_sent_ = 0;  // bytes of queue_ already sent
  std::string control_;    // pongs that wait for a frame's end
  std::string received_;   // an incomplete frame of the peer
};

}  // namespace inlet::bench

#endif  // INLET_BENCH_LOAD_CONNECTION_H_
