// Bytes in and out of a socket. OpenSSL writes to memory, so that what it has encrypted never has to be offered again.
#include "bench/load/link.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "bench/common/clock.h"

namespace inlet::bench {
namespace {

constexpr size_t kMostEncryptedAtOnce = size_t{256} << 10;
constexpr int kLookAgainMs = 100;

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

Link::Link(int fd) : fd_(fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

Link::~Link() { close(fd_); }

bool Link::StartTls(SSL_CTX* context, const std::string& host, int timeout_seconds, std::string* error) {
  tls_.reset(SSL_new(context));
  BIO* const input = BIO_new_socket(fd_, BIO_NOCLOSE);
  SSL_set_bio(tls_.get(), input, BIO_new(BIO_s_mem()));
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls_.get()), host.c_str());
  SSL_is_server(tls_.get()) != 0 ? SSL_set_accept_state(tls_.get()) : SSL_set_connect_state(tls_.get());
  const uint64_t give_up = MonotonicNanos() + static_cast<uint64_t>(timeout_seconds) * kNanosPerSecond;
  while (MonotonicNanos() < give_up) {
    const int done = SSL_do_handshake(tls_.get());
    const bool waits = done != 1 && SSL_get_error(tls_.get(), done) == SSL_ERROR_WANT_READ;
    TakeEncrypted();
    Flush();
    if (done == 1) return true;
    if (!waits || closed_) {
      *error = "TLS handshake: " + TlsError();
      return false;
    }
    AwaitInput(kLookAgainMs);
  }
  *error = "TLS handshake: no answer";
  return false;
}

void Link::AwaitInput(int timeout_ms) const {
  pollfd input{fd_, POLLIN, 0};
  poll(&input, 1, timeout_ms);
}

size_t Link::Send(std::string_view bytes) {
  if (closed_ || bytes.empty()) return 0;
  if (tls_ == nullptr) return SendPlain(bytes);
  if (!Flush()) return 0;
  size_t taken = 0;
  if (SSL_write_ex(tls_.get(), bytes.data(), std::min(bytes.size(), kMostEncryptedAtOnce), &taken) != 1) {
    closed_ = true;
    return 0;
  }
  TakeEncrypted();
  Flush();
  return taken;
}

void Link::TakeEncrypted() {
  BIO* const output = SSL_get_wbio(tls_.get());
  const size_t before = waiting_.size();
  const size_t more = BIO_ctrl_pending(output);
  if (more == 0) return;
  waiting_.resize(before + more);
  BIO_read(output, waiting_.data() + before, static_cast<int>(more));
}

bool Link::Flush() {
  if (waiting_.empty()) return true;
  waiting_sent_ += SendPlain(std::string_view(waiting_).substr(waiting_sent_));
  if (waiting_sent_ < waiting_.size()) return false;
  waiting_.clear();
  waiting_sent_ = 0;
  return true;
}

size_t Link::SendPlain(std::string_view bytes) {
  const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<size_t>(sent);
  closed_ = closed_ || !WouldBlock();
  return 0;
}

size_t Link::Receive(char* bytes, size_t size) {
  if (closed_) return 0;
  if (tls_ == nullptr) return ReceivePlain(bytes, size);
  size_t got = 0;
  ERR_clear_error();
  const int done = SSL_read_ex(tls_.get(), bytes, size, &got);
  // The peer may have asked for an answer of TLS itself, such as new keys.
  TakeEncrypted();
  Flush();
  if (done == 1) return got;
  closed_ = SSL_get_error(tls_.get(), done) != SSL_ERROR_WANT_READ;
  return 0;
}

size_t Link::ReceivePlain(char* bytes, size_t size) {
  ssize_t got = 0;
  do {
    got = recv(fd_, bytes, size, MSG_DONTWAIT);
  } while (got < 0 && errno == EINTR);
  if (got > 0) return static_cast<size_t>(got);
  closed_ = got == 0 || !WouldBlock();
  return 0;
}

}  // namespace inlet::bench
