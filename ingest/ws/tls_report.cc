// What a client's TLS handshake taught us: reading certificates and errors of OpenSSL.
#include "ingest/ws/tls_report.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>

#include "ingest/text.h"
#include "ingest/ws/tls_material.h"

namespace inlet::ws {
namespace {

using BioPointer = std::unique_ptr<BIO, OpenSslDelete<&BIO_free_all>>;

// "CN = feed.example.com, O = Example"
std::string NameText(const X509_NAME* name) {
  const BioPointer writer(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(writer.get(), name, 0, XN_FLAG_ONELINE & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  char* text = nullptr;
  const long size = BIO_get_mem_data(writer.get(), &text);
  return size > 0 ? std::string(text, static_cast<size_t>(size)) : "(no name)";
}

std::optional<ingest::WallTime> TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return ingest::WallTime(std::chrono::seconds(timegm(&parts)));
}

std::string DateText(const std::optional<ingest::WallTime>& time) {
  if (!time) return "an unknown date";
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts)};
}

std::string AlternativeName(const GENERAL_NAME& name) {
  if (name.type == GEN_DNS) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(name.d.dNSName)),
            static_cast<size_t>(ASN1_STRING_length(name.d.dNSName))};
  }
  if (name.type != GEN_IPADD) return "";
  const int family = ASN1_STRING_length(name.d.iPAddress) == 4 ? AF_INET : AF_INET6;
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family, ASN1_STRING_get0_data(name.d.iPAddress), text.data(), text.size());
  return text.data();
}

void DeleteNames(GENERAL_NAMES* names) { sk_GENERAL_NAME_pop_free(names, &GENERAL_NAME_free); }

// "a.example.com, b.example.com and 3 more"
std::string Names(X509* certificate) {
  constexpr int kMost = 5;
  const std::unique_ptr<GENERAL_NAMES, decltype(&DeleteNames)> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)), &DeleteNames);
  if (!names) return NameText(X509_get_subject_name(certificate));
  std::string text;
  const int count = sk_GENERAL_NAME_num(names.get());
  for (int i = 0; i < count && i < kMost; ++i) {
    const std::string one = AlternativeName(*sk_GENERAL_NAME_value(names.get(), i));
    if (!one.empty()) text += (text.empty() ? "" : ", ") + one;
  }
  if (count > kMost) text += " and " + std::to_string(count - kMost) + " more";
  return text;
}

TlsReport::Judgement Untrusted(std::string text) { return {DialProblem::kCertificateUntrusted, std::move(text)}; }

}  // namespace

void TlsReport::OnInfo(const SSL* ssl, int where, int result) {
  if ((where & SSL_CB_HANDSHAKE_DONE) != 0) version_ = SSL_get_version(ssl);
  if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && (result >> 8) == SSL3_AL_FATAL) {
    alert_received_ = result & 0xff;
  }
  const bool stopped = (where & SSL_CB_EXIT) != 0 && result <= 0;  // to wait for the peer, or for good
  if (stopped && reason_ == 0) reason_ = ERR_GET_REASON(ERR_peek_error());
}

void TlsReport::OnCertificate(bool trusted, X509_STORE_CTX* store) {
  X509* const certificate = X509_STORE_CTX_get_current_cert(store);
  if (X509_STORE_CTX_get_error_depth(store) == 0 && certificate != nullptr && subject_.empty()) {
    subject_ = NameText(X509_get_subject_name(certificate));
    issuer_ = NameText(X509_get_issuer_name(certificate));
    names_ = Names(certificate);
    expiry_ = TimeOf(X509_get0_notAfter(certificate));
  }
  if (trusted || verify_error_ != 0) return;
  verify_error_ = X509_STORE_CTX_get_error(store);
  if (certificate == nullptr) return;
  unknown_issuer_ = NameText(X509_get_issuer_name(certificate));
  fault_begin_ = TimeOf(X509_get0_notBefore(certificate));
  fault_expiry_ = TimeOf(X509_get0_notAfter(certificate));
}

TlsReport::Judgement TlsReport::JudgeCertificate(const Expectations& expected) const {
  switch (verify_error_) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return {DialProblem::kCertificateExpired,
              Concat({"the server's certificate has expired on ", DateText(fault_expiry_)})};
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return {DialProblem::kCertificateExpired,
              Concat({"the server's certificate is not valid before ", DateText(fault_begin_)})};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return {DialProblem::kCertificateHost,
              Concat({"the server's certificate is for ", names_, " and not for ", expected.server_name})};
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return Untrusted(
          Concat({"the server's certificate is self-signed (", subject_, ") and not among the trusted ones"}));
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return Untrusted(Concat({"the server's certificate comes from an unknown issuer: ", unknown_issuer_}));
    default:
      return Untrusted(Concat({"the server's certificate is refused: ", X509_verify_cert_error_string(verify_error_)}));
  }
}

std::optional<TlsReport::Judgement> TlsReport::JudgeAlert(const Expectations& expected) const {
  const std::string_view ours = expected.min_version == ingest::TlsVersion::kTls13 ? "TLS 1.3" : "TLS 1.2 or later";
  switch (alert_received_) {
    case 0:
      return std::nullopt;
    case SSL_AD_PROTOCOL_VERSION:
      return Judgement{DialProblem::kTlsVersion, Concat({"the server does not speak ", ours})};
    case SSL_AD_UNRECOGNIZED_NAME:
      return Judgement{DialProblem::kCertificateHost,
                       Concat({"the server does not know the name ", expected.server_name})};
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_ACCESS_DENIED:
    case SSL_AD_DECRYPT_ERROR:
    case SSL_AD_NO_CERTIFICATE:
    case TLS13_AD_CERTIFICATE_REQUIRED: {
      const std::string said = Concat({" (", SSL_alert_desc_string_long(alert_received_), ")"});
      return Judgement{DialProblem::kClientCertificate,
                       expected.has_certificate ? Concat({"the server refuses our client certificate", said})
                                                : Concat({"the server wants a client certificate", said})};
    }
    case SSL_AD_HANDSHAKE_FAILURE:
      // What TLS 1.2 servers say to a missing client certificate, and to ciphers that they do not have.
      if (!expected.has_certificate && !subject_.empty()) {
        return Judgement{DialProblem::kClientCertificate, "the server wants a client certificate (handshake failure)"};
      }
      [[fallthrough]];
    default:
      return Judgement{DialProblem::kTlsFailed,
                       Concat({"the server ends the TLS handshake: ", SSL_alert_desc_string_long(alert_received_)})};
  }
}

TlsReport::Judgement TlsReport::Judge(const Expectations& expected) const {
  if (verify_error_ != 0) return JudgeCertificate(expected);
  if (std::optional<Judgement> judgement = JudgeAlert(expected)) return *std::move(judgement);
  switch (reason_) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_UNEXPECTED_MESSAGE:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
      return {DialProblem::kNotTls,
              Concat({"the server at ", expected.peer, " does not speak TLS: is it a plain port?"})};
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return {DialProblem::kTlsVersion,
              Concat({"the server speaks no TLS version that is allowed here (",
                      expected.min_version == ingest::TlsVersion::kTls13 ? "1.3" : "1.2 or later", ")"})};
    case 0:
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
      return {DialProblem::kTlsFailed,
              Concat({"the server at ", expected.peer,
                      " closes the connection in the TLS handshake: does the port speak TLS?"})};
    default: {
      const char* const text = ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, reason_));
      return {DialProblem::kTlsFailed,
              Concat({"the TLS handshake fails: ", text != nullptr ? text : "unknown reason"})};
    }
  }
}

void TlsReport::FillFacts(DialFacts& facts) const {
  facts.tls_version = version_;
  facts.certificate_subject = subject_;
  facts.certificate_issuer = issuer_;
  facts.certificate_expire_time = expiry_;
}

}  // namespace inlet::ws
