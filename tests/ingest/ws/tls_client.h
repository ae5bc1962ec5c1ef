// A raw client that speaks TLS, by OpenSSL alone.
#ifndef INLET_TESTS_INGEST_WS_TLS_CLIENT_H_
#define INLET_TESTS_INGEST_WS_TLS_CLIENT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/ingest/ws/raw_client.h"
#include "tests/ingest/ws/test_certificates.h"

struct ssl_st;

namespace inlet::ws {

struct TlsClientOptions {
  std::string authority = {};        // whom it trusts; empty: anyone
  TestCertificate certificate = {};  // its own
  int min_version = 0;               // TLS1_2_VERSION, ...; 0: any
  int max_version = 0;
  std::vector<std::string> alpn = {};
  std::string server_name = "localhost";  // empty: none is sent
  std::string before = {};                // is sent in plain before the handshake
};

class TlsClient final : public RawClient {
 public:
  // Connects and does the handshake.
  explicit TlsClient(uint16_t port, const TlsClientOptions& options = {});
  ~TlsClient() override;

  // Whether the handshake went through, as far as the client knows.
  bool secure() const { return secure_; }
  // What OpenSSL says of the failure of the handshake, or of the last read.
  const std::string& error() const { return error_; }
  // Of the server's certificate: its common name.
  std::string PeerName() const;
  std::string Version() const;
  std::string Alpn() const;
  // WebSocket handshake; whether the answer was 101.
  bool Open(std::string_view path);

 protected:
  ssize_t Transmit(std::string_view bytes) const override;
  ssize_t Receive(char* buffer, size_t size) override;

 private:
  ssl_st* ssl_ = nullptr;
  bool secure_ = false;
  std::string error_;
};

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_TLS_CLIENT_H_
