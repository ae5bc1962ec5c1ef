// What a client needs for TLS: reading PEM, and handing it to a connection.
#include "ingest/ws/tls_material.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "ingest/error.h"
#include "ingest/text.h"
#include "ingest/ws/peer_address.h"

namespace inlet::ws {
namespace {

// PEM, or the base64 of PEM. Returns the PEM; the text itself if it is neither.
std::string FromBase64(std::string text) {
  if (text.find("-----BEGIN") != std::string::npos) return text;
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
  if (text.empty() || text.size() % 4 != 0) return text;
  std::string decoded(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return text;
  decoded.resize(static_cast<size_t>(size) -
                 static_cast<size_t>(std::ranges::count(text.substr(text.size() - 2), '=')));
  return decoded;
}

absl::StatusOr<std::string> Read(const ingest::PemSource& source, std::string_view setting,
                                 const ingest::Credentials& credentials) {
  absl::StatusOr<std::string> text =
      source.path.empty() ? credentials.Expand(source.text) : credentials.ReadFile(source.path);
  if (!text.ok()) return AddContext(text.status(), setting);
  return FromBase64(*std::move(text));
}

absl::Status NoPem(std::string_view setting, std::string_view what) {
  ERR_clear_error();
  return absl::InvalidArgumentError(Concat({setting, ": there is no ", what, " in PEM form in it"}));
}

// With OpenSSL's own words, which hold no value.
absl::Status Refused(std::string_view setting) {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  return absl::InvalidArgumentError(
      Concat({setting, ": OpenSSL cannot use it", reason == nullptr ? "" : ": ", reason == nullptr ? "" : reason}));
}

int NoPassword(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

}  // namespace

absl::StatusOr<std::unique_ptr<ClientTlsMaterial>> ClientTlsMaterial::Load(const ingest::TlsClientSettings& settings,
                                                                           std::string_view host,
                                                                           const ingest::Credentials& credentials) {
  std::unique_ptr<ClientTlsMaterial> result(new ClientTlsMaterial);
  result->server_name_ = settings.server_name.empty() ? host : settings.server_name;
  if (result->server_name_.ends_with('.')) result->server_name_.pop_back();
  result->name_is_address_ = PeerAddress::Parse(result->server_name_, 0).has_value();
  result->verify_ = !settings.insecure_skip_verify;
  result->min_version_ = settings.min_version;
  if (absl::Status loaded = result->LoadRoots(settings.root_ca, credentials); !loaded.ok()) return loaded;
  if (absl::Status loaded = result->LoadCertificate(settings, credentials); !loaded.ok()) return loaded;
  return result;
}

absl::Status ClientTlsMaterial::LoadRoots(const ingest::PemSource& source, const ingest::Credentials& credentials) {
  if (source.empty()) return absl::OkStatus();
  roots_setting_ = source.path.empty() ? "rootCARaw" : "rootCaPath";
  absl::StatusOr<std::string> text = Read(source, roots_setting_, credentials);
  if (!text.ok()) return text.status();
  if (text->empty()) return NoPem(roots_setting_, "certificate");
  roots_text_ = *std::move(text);
  return absl::OkStatus();
}

absl::Status ClientTlsMaterial::SetRoots(TrustStores::Result roots) {
  if (!roots.ok()) return roots_setting_.empty() ? roots.status() : AddContext(roots.status(), roots_setting_);
  roots_ = *std::move(roots);
  return absl::OkStatus();
}

absl::Status ClientTlsMaterial::LoadCertificate(const ingest::TlsClientSettings& settings,
                                                const ingest::Credentials& credentials) {
  if (settings.certificate.empty() && settings.private_key.empty()) return absl::OkStatus();
  if (settings.certificate.empty() || settings.private_key.empty()) {
    return absl::InvalidArgumentError("a client certificate needs both: certificationPath and privateKeyPath");
  }
  absl::StatusOr<std::string> certificate = Read(settings.certificate, "certificationPath", credentials);
  if (!certificate.ok()) return certificate.status();
  absl::StatusOr<std::string> key = Read(settings.private_key, "privateKeyPath", credentials);
  if (!key.ok()) return key.status();
  SeenCertificates seen;
  chain_ = ReadCertificates(ReaderOf(*certificate).get(), seen);
  if (chain_.empty()) return NoPem("certificationPath", "certificate");
  certificate_ = std::move(chain_.front());
  chain_.erase(chain_.begin());
  key_.reset(PEM_read_bio_PrivateKey(ReaderOf(*key).get(), nullptr, &NoPassword, nullptr));
  std::ranges::fill(*key, '\0');
  if (!key_) return NoPem("privateKeyPath", "private key without a password");
  const bool fits = X509_check_private_key(certificate_.get(), key_.get()) == 1;
  ERR_clear_error();
  return fits ? absl::OkStatus()
              : absl::InvalidArgumentError("the key of privateKeyPath is not that of certificationPath");
}

absl::Status ClientTlsMaterial::Apply(SSL* ssl) const {
  const int version = min_version_ == ingest::TlsVersion::kTls13 ? TLS1_3_VERSION : TLS1_2_VERSION;
  absl::Status applied;
  if (!ApplyNames(ssl)) {
    applied = Refused("serverName (or the host in addr)");
  } else if (SSL_set_min_proto_version(ssl, version) != 1) {
    applied = Refused("tlsMinVersion");
  } else if (roots_ && SSL_set1_verify_cert_store(ssl, roots_.get()) != 1) {
    applied = Refused(roots_setting_.empty() ? "the system's authorities" : roots_setting_);
  } else if (!ApplyCertificate(ssl)) {
    applied = Refused("certificationPath");
  }
  ERR_clear_error();  // what is left would be taken for an error of the handshake
  return applied;
}

bool ClientTlsMaterial::ApplyNames(SSL* ssl) const {
  X509_VERIFY_PARAM* const parameters = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (name_is_address_) {  // which SNI must not carry: RFC 6066, section 3
    return SSL_set_tlsext_host_name(ssl, nullptr) == 1 &&
           X509_VERIFY_PARAM_set1_ip_asc(parameters, server_name_.c_str()) == 1;
  }
  return SSL_set_tlsext_host_name(ssl, server_name_.c_str()) == 1 &&
         X509_VERIFY_PARAM_set1_host(parameters, server_name_.data(), server_name_.size()) == 1;
}

bool ClientTlsMaterial::ApplyCertificate(SSL* ssl) const {
  if (!certificate_) return true;
  if (SSL_use_certificate(ssl, certificate_.get()) != 1 || SSL_use_PrivateKey(ssl, key_.get()) != 1) return false;
  return std::ranges::all_of(chain_, [&](const X509Pointer& one) { return SSL_add1_chain_cert(ssl, one.get()) == 1; });
}

}  // namespace inlet::ws
