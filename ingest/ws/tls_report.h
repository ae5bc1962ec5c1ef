// What a client's TLS handshake taught us: the certificate, and why it failed.
#ifndef INLET_INGEST_WS_TLS_REPORT_H_
#define INLET_INGEST_WS_TLS_REPORT_H_

#include <openssl/ssl.h>

#include <optional>
#include <string>
#include <string_view>

#include "ingest/loop.h"
#include "ingest/ws/dial.h"

namespace inlet::ws {

class TlsReport {
 public:
  struct Judgement {
    DialProblem problem = DialProblem::kTlsFailed;
    std::string text;
  };
  struct Expectations {
    std::string_view peer;  // ip:port
    std::string_view server_name;
    bool has_certificate = false;  // ours
    ingest::TlsVersion min_version = ingest::TlsVersion::kTls12;
  };

  // As SSL_CTX_set_info_callback. OpenSSL's error queue must be that of the event.
  void OnInfo(const SSL* ssl, int where, int result);
  // As SSL_set_verify's callback: looks at one certificate of the chain.
  void OnCertificate(bool trusted, X509_STORE_CTX* store);

  // The server has asked for a client certificate.
  void OnRequest() { requested_ = true; }

  // The server refused us after its part of the handshake, as TLS 1.3 does with a client certificate.
  bool refused() const { return alert_received_ != 0; }
  bool requested() const { return requested_; }

  // Why the handshake failed, as a sentence for a person.
  Judgement Judge(const Expectations& expected) const;

  void FillFacts(DialFacts& facts) const;

 private:
  Judgement JudgeCertificate(const Expectations& expected) const;
  std::optional<Judgement> JudgeAlert(const Expectations& expected) const;

  std::string version_;
  std::string subject_;
  std::string issuer_;
  std::string names_;  // for which the certificate is
  std::optional<ingest::WallTime> expiry_;
  int verify_error_ = 0;
  // Of the certificate at fault, which may be an issuer's.
  std::string unknown_issuer_;
  std::optional<ingest::WallTime> fault_begin_;
  std::optional<ingest::WallTime> fault_expiry_;
  bool requested_ = false;
  int alert_received_ = 0;  // its description
  int reason_ = 0;          // of OpenSSL's error
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_TLS_REPORT_H_
