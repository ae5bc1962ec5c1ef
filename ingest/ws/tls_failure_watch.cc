// Counts and logs the TLS handshakes that fail on our server.
#include "ingest/ws/tls_failure_watch.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <optional>
#include <string>

#include "ingest/log.h"
#include "ingest/ws/peer_address.h"

namespace inlet::ws {
namespace {

// OpenSSL gives its callback no argument of ours: it finds us in the context.
int ContextIndex() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

std::string PeerOf(const SSL* connection) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  const int socket = SSL_get_fd(connection);
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return "unknown";
  return PeerAddress(address).ToString();
}

}  // namespace

void TlsFailureWatch::Watch(SSL_CTX* context) {
  SSL_CTX_set_ex_data(context, ContextIndex(), this);
  SSL_CTX_set_info_callback(context, &TlsFailureWatch::OnEvent);
}

// It also comes each time that a handshake waits for the peer: then OpenSSL has no error to tell.
void TlsFailureWatch::OnEvent(const SSL* connection, int where, int result) {
  if (where != SSL_CB_ACCEPT_EXIT || result > 0) return;
  const unsigned long error = ERR_peek_last_error();
  if (error == 0) return;
  auto* const self = static_cast<TlsFailureWatch*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), ContextIndex()));
  const char* const reason = ERR_reason_error_string(error);
  self->OnFailure(connection, reason == nullptr ? "unknown" : reason);
}

void TlsFailureWatch::OnFailure(const SSL* connection, const char* reason) {
  failures_.Add();
  const std::optional<uint64_t> left_out = log_.Admit(std::chrono::steady_clock::now());
  if (!left_out) return;
  Log(LogLevel::kInfo, "tls_handshake_failed",
      {{"peer", PeerOf(connection)}, {"reason", reason}, {"left_out", std::to_string(*left_out)}});
}

}  // namespace inlet::ws
