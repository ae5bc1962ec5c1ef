// What libwebsockets has read behind a handshake: where it lies, a copy, and back.
#include "ingest/ws/read_buffer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace inlet::ws {

absl::Status ReadBuffer::Find(lws_vhost* vhost) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return absl::InternalError("there is no socket to find the read buffer of libwebsockets with");
  }
  lws_adopt_desc_t adoption{};
  adoption.vh = vhost;
  adoption.type = LWS_ADOPT_SOCKET;
  adoption.fd.sockfd = ends[0];
  lws* const wsi = lws_adopt_descriptor_vhost_via_info(&adoption);  // which owns the socket
  if (wsi != nullptr && send(ends[1], "x", 1, MSG_NOSIGNAL) == 1) {
    lws_pollfd readable{ends[0], LWS_POLLIN, LWS_POLLIN};
    lws_service_fd(lws_get_context(wsi), &readable);
  }
  close(ends[1]);
  return start_ != nullptr ? absl::OkStatus() : absl::InternalError("the read buffer of libwebsockets is not found");
}

int ReadBuffer::OnFound(void* bytes) {
  start_ = static_cast<std::byte*>(bytes);
  return -1;
}

void ReadBuffer::Keep() { std::copy_n(start_, kKept, kept_.begin()); }

void ReadBuffer::Restore() const { std::ranges::copy(kept_, start_); }

}  // namespace inlet::ws
