// The TLS side of the WebSocket server: PEM texts to an SSL_CTX, and which one a handshake gets.
#include "ingest/ws/server_tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <climits>
#include <string_view>
#include <utility>

#include "ingest/text.h"

namespace inlet::ws {
namespace {

template <auto free_function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free_function(object);
  }
};
using BioPtr = std::unique_ptr<BIO, Free<BIO_free>>;
using CertificatePtr = std::unique_ptr<X509, Free<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using ContextPtr = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;

constexpr std::string_view kAlpn = "http/1.1";
// Resumed sessions must belong to one of our own contexts.
constexpr std::string_view kSessionContext = "inlet";

// What OpenSSL says last: "ee key too small". Nothing of a file's content is in it.
std::string Reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason == nullptr ? "unknown error" : reason;
}

absl::Status Unusable(std::string_view what, std::string_view why) {
  ERR_clear_error();
  return absl::InvalidArgumentError(Concat({what, ": ", why}));
}

BioPtr Open(const std::string& pem) {
  const size_t size = pem.size() > INT_MAX ? 0 : pem.size();
  return BioPtr(BIO_new_mem_buf(pem.data(), static_cast<int>(size)));
}

// Else OpenSSL would ask at the terminal.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

CertificatePtr NextCertificate(BIO* pem) { return CertificatePtr(PEM_read_bio_X509(pem, nullptr, nullptr, nullptr)); }

// Whether the texts end where the last PEM block was, and not in a broken one.
bool ReadToTheEnd() {
  const unsigned long error = ERR_peek_last_error();
  const bool at_end = ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  return at_end;
}

// The server's own certificate, and those between it and its root.
absl::Status UseCertificates(SSL_CTX* context, const std::string& pem) {
  const BioPtr text = Open(pem);
  const CertificatePtr own = NextCertificate(text.get());
  if (!own) return Unusable("certfile", "holds no certificate in PEM form");
  if (SSL_CTX_use_certificate(context, own.get()) != 1) return Unusable("certfile", Reason());
  while (const CertificatePtr next = NextCertificate(text.get())) {
    if (SSL_CTX_add1_chain_cert(context, next.get()) != 1) return Unusable("certfile", Reason());
  }
  return ReadToTheEnd() ? absl::OkStatus() : Unusable("certfile", "one of its certificates is broken");
}

absl::Status UseKey(SSL_CTX* context, const std::string& pem) {
  const BioPtr text = Open(pem);
  bool has_passphrase = false;
  const KeyPtr key(PEM_read_bio_PrivateKey(text.get(), nullptr, &NoPassphrase, &has_passphrase));
  if (has_passphrase) return Unusable("keyfile", "is protected by a passphrase: store the key without one");
  if (!key) return Unusable("keyfile", "holds no private key in PEM form");
  if (X509_check_private_key(SSL_CTX_get0_certificate(context), key.get()) != 1) {
    return Unusable("keyfile", "is not the key of the certificate in certfile");
  }
  return SSL_CTX_use_PrivateKey(context, key.get()) == 1 ? absl::OkStatus() : Unusable("keyfile", Reason());
}

// Whose certificates clients may show.
absl::Status UseClientAuthorities(SSL_CTX* context, const std::string& pem) {
  const BioPtr text = Open(pem);
  int count = 0;
  while (const CertificatePtr next = NextCertificate(text.get())) {
    ++count;
    const bool added = X509_STORE_add_cert(SSL_CTX_get_cert_store(context), next.get()) == 1;
    if (!added || SSL_CTX_add_client_CA(context, next.get()) != 1) return Unusable("clientCaFile", Reason());
  }
  const bool whole = ReadToTheEnd();
  if (count == 0) return Unusable("clientCaFile", "holds no certificate in PEM form");
  return whole ? absl::OkStatus() : Unusable("clientCaFile", "one of its certificates is broken");
}

int VerifyMode(ClientAuth client_auth) {
  switch (client_auth) {
    case ClientAuth::kNone:
      return SSL_VERIFY_NONE;
    case ClientAuth::kOptional:
      return SSL_VERIFY_PEER;
    case ClientAuth::kRequired:
      break;
  }
  return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
}

// HTTP/1.1, or nothing: never HTTP/2.
int ChooseAlpn(SSL* /*connection*/, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
               unsigned in_size, void* /*unused*/) {
  std::string_view offers(reinterpret_cast<const char*>(in), in_size);
  while (!offers.empty()) {
    const auto size = static_cast<unsigned char>(offers.front());
    const std::string_view offer = offers.substr(1, size);
    if (offer == kAlpn) {
      *out = reinterpret_cast<const unsigned char*>(offer.data());
      *out_size = size;
      return SSL_TLSEXT_ERR_OK;
    }
    offers.remove_prefix(std::min<size_t>(offers.size(), size + size_t{1}));
  }
  return SSL_TLSEXT_ERR_NOACK;
}

std::string TextOf(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return size > 0 ? std::string(data, static_cast<size_t>(size)) : std::string();
}

}  // namespace

ServerTls::ServerTls(TlsOptions options, Counter* failures) : options_(std::move(options)) {
  if (failures != nullptr) watch_.emplace(*failures);
}

absl::StatusOr<std::unique_ptr<ServerTls>> ServerTls::Create(const TlsOptions& options, Counter* failures) {
  std::unique_ptr<ServerTls> tls(new ServerTls(options, failures));
  if (absl::Status built = tls->Replace(options.material); !built.ok()) return built;
  return tls;
}

ServerTls::~ServerTls() { SSL_CTX_free(current_); }

absl::Status ServerTls::Replace(const TlsMaterial& material) {
  ContextPtr context(SSL_CTX_new(TLS_server_method()));
  if (!context) return absl::InternalError("OpenSSL makes no context");
  if (absl::Status built = Build(context.get(), material); !built.ok()) return built;
  SSL_CTX_free(std::exchange(current_, context.release()));
  return absl::OkStatus();
}

absl::Status ServerTls::Build(SSL_CTX* context, const TlsMaterial& material) {
  ERR_clear_error();
  ApplyPolicy(context);
  if (watch_) watch_->Watch(context);
  absl::Status status = UseCertificates(context, material.certificate);
  if (status.ok()) status = UseKey(context, material.private_key);
  if (status.ok() && options_.client_auth != ClientAuth::kNone) {
    status = UseClientAuthorities(context, material.client_ca);
  }
  return status;
}

// On both: an SSL copies some of it when it is made, and looks other parts up in the context that it is given later.
void ServerTls::ApplyPolicy(SSL_CTX* context) const {
  const bool only_13 = options_.min_version == ingest::TlsVersion::kTls13;
  SSL_CTX_set_min_proto_version(context, only_13 ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");  // of TLS 1.2; those of 1.3 are all good
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(kSessionContext.data()),
                                 static_cast<unsigned>(kSessionContext.size()));
  SSL_CTX_set_verify(context, VerifyMode(options_.client_auth), nullptr);
  if (options_.client_auth != ClientAuth::kNone) {  // a ticket would outlive the trust in the certificate
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context, 0);
  }
  SSL_CTX_set_alpn_select_cb(context, &ChooseAlpn, nullptr);
}

void ServerTls::Install(SSL_CTX* base) {
  ApplyPolicy(base);
  if (watch_) watch_->Watch(base);
  SSL_CTX_set_tlsext_servername_callback(base, &ServerTls::OnServerName);
  SSL_CTX_set_tlsext_servername_arg(base, this);
}

// Comes once in each handshake, also without a server name, before the certificate is chosen.
int ServerTls::OnServerName(SSL* connection, int* /*alert*/, void* self) {
  SSL_set_SSL_CTX(connection, static_cast<ServerTls*>(self)->current_);
  return SSL_TLSEXT_ERR_OK;
}

absl::Status CheckTlsMaterial(const TlsOptions& options) { return ServerTls::Create(options).status(); }

std::string DescribeCertificate(const std::string& pem) {
  const BioPtr text = Open(pem);
  const CertificatePtr certificate = NextCertificate(text.get());
  ERR_clear_error();
  if (!certificate) return {};
  const BioPtr out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate.get()), 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  BIO_puts(out.get(), ", valid until ");
  ASN1_TIME_print(out.get(), X509_get0_notAfter(certificate.get()));
  return TextOf(out.get());
}

bool TlsIsOpen(const SSL* connection) { return connection != nullptr && SSL_is_init_finished(connection) == 1; }

}  // namespace inlet::ws
