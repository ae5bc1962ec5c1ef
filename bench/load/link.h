// A connected socket that bytes go through, with or without TLS.
#ifndef INLET_BENCH_LOAD_LINK_H_
#define INLET_BENCH_LOAD_LINK_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "bench/load/tls.h"

namespace inlet::bench {

// Never blocks, except where it says so. One thread.
class Link {
 public:
  // Takes over `fd`, which is connected, and makes it non-blocking.
  explicit Link(int fd);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Speaks TLS from now on; blocks for its handshake, at most `timeout_seconds`. `context` is one for dialling or for
  // listening, and decides who we are; a certificate of the peer must be for the address `host`. False, with the reason
  // in `error`.
  bool StartTls(SSL_CTX* context, const std::string& host, int timeout_seconds, std::string* error);

  int fd() const { return fd_; }
  // The peer has closed, or something broke. Nothing goes through any more.
  bool closed() const { return closed_; }

  // Bytes taken; 0 if the socket takes none. With TLS, what was taken may wait for the socket in part: Flush.
  size_t Send(std::string_view bytes);
  // True if nothing waits.
  bool Flush();
  // Bytes that have come, at most `size` of them; 0 if there are none.
  size_t Receive(char* bytes, size_t size);
  // Blocks until there may be something to receive, or for `timeout_ms`.
  void AwaitInput(int timeout_ms) const;

 private:
  size_t SendPlain(std::string_view bytes);
  size_t ReceivePlain(char* bytes, size_t size);
  // Moves what OpenSSL has encrypted to waiting_.
  void TakeEncrypted();

  const int fd_;
  bool closed_ = false;
  TlsSession tls_;           // reads from the socket, writes to memory
  std::string waiting_;      // encrypted bytes; bounded, since Send takes nothing while there are any
  size_t waiting_sent_ = 0;  // of waiting_
};

}  // namespace inlet::bench

#endif  // INLET_BENCH_LOAD_LINK_H_
