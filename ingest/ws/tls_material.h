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

namespace inlet::ws {

template <auto kFree>
struct OpenSslDelete {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using X509Pointer = std::unique_ptr<X509, OpenSslDelete<&X509_free>>;
using X509StorePointer = std::unique_ptr<X509_STORE, OpenSslDelete<&X509_STORE_free>>;
using KeyPointer = std::unique_ptr<EVP_PKEY, OpenSslDelete<&EVP_PKEY_free>>;

// Belongs to one dial, so that rotated files are used at the next one and nothing is kept between two. Immutable.
class ClientTlsMaterial {
 public:
  // `host`: for SNI and the name in the certificate, unless the settings have a server_name. FailedPrecondition: a
  // reference or file yields nothing, is no PEM, or the key does not fit the certificate; the message names the
  // setting.
  static absl::StatusOr<std::unique_ptr<ClientTlsMaterial>> Load(const ingest::TlsClientSettings& settings,
                                                                 std::string_view host,
                                                                 const ingest::Credentials& credentials);

  // Before the handshake: trust, own certificate, names and version. False: OpenSSL has no memory.
  bool Apply(SSL* ssl) const;

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

  X509StorePointer roots_;  // null: those of the system
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
