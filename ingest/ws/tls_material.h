// What a client needs for TLS, read from PEM: trusted certificates, its own certificate and its key.
#ifndef INLET_INGEST_WS_TLS_MATERIAL_H_
#define INLET_INGEST_WS_TLS_MATERIAL_H_

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/credentials.h"
#include "ingest/stream_spec.h"
#include "ingest/ws/pem.h"
#include "ingest/ws/trust_stores.h"

namespace inlet::ws {

// Belongs to one dial, so that rotated files are used at the next one. Immutable once the roots are set.
class ClientTlsMaterial {
 public:
  // `host`: for SNI and the name in the certificate, unless the settings have a server_name. FailedPrecondition: a
  // reference or file yields nothing. InvalidArgument: it is no PEM, or the key does not fit the certificate. The
  // message names the setting. The roots are not parsed, which may take long.
  static absl::StatusOr<std::unique_ptr<ClientTlsMaterial>> Load(const ingest::TlsClientSettings& settings,
                                                                 std::string_view host,
                                                                 const ingest::Credentials& credentials);

  // What TrustStores is to be asked, unless no roots are needed, since none are set and nothing is verified.
  const std::string& roots_text() const { return roots_text_; }
  bool needs_roots() const { return verify_ || !roots_text_.empty(); }
  // The error of `roots`, if it is one; the message names the setting.
  absl::Status SetRoots(TrustStores::Result roots);

  // Before the handshake: trust, own certificate, names and version. Leaves OpenSSL's error queue empty.
  // InvalidArgument: OpenSSL refuses one of them (a name that is too long, a key that is too short); the message names
  // the setting. The handshake must fail then: the check of the name may not have been set.
  absl::Status Apply(SSL* ssl) const;

  const std::string& server_name() const { return server_name_; }
  bool verify() const { return verify_; }
  bool has_certificate() const { return certificate_ != nullptr; }
  ingest::TlsVersion min_version() const { return min_version_; }

 private:
  ClientTlsMaterial() = default;
  absl::Status LoadRoots(const ingest::PemSource& source, const ingest::Credentials& credentials);
  absl::Status LoadCertificate(const ingest::TlsClientSettings& settings, const ingest::Credentials& credentials);
  bool ApplyCertificate(SSL* ssl) const;
  bool ApplyNames(SSL* ssl) const;

  std::string roots_text_;  // PEM; empty: those of the system
  std::string_view roots_setting_;
  TrustStore roots_;
  X509Pointer certificate_;
  std::vector<X509Pointer> chain_;
  KeyPointer key_;
  std::string server_name_;
  bool name_is_address_ = false;
  bool verify_ = true;
  ingest::TlsVersion min_version_ = ingest::TlsVersion::kTls12;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_TLS_MATERIAL_H_
