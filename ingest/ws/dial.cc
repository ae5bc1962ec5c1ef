// What a failed dial means for the next one.
#include "ingest/ws/dial.h"

namespace inlet::ws {
namespace {

// 0: there was no answer. What a server says of its own health passes; what it says of the request does not.
bool CanStatusHeal(int status) {
  constexpr int kRequestTimeout = 408;
  constexpr int kTooEarly = 425;
  constexpr int kTooManyRequests = 429;
  constexpr int kNotImplemented = 501;
  constexpr int kVersionNotSupported = 505;
  if (status == kRequestTimeout || status == kTooEarly || status == kTooManyRequests) return true;
  if (status == kNotImplemented || status == kVersionNotSupported) return false;
  return status == 0 || status >= 500;
}

}  // namespace

bool CanHeal(const DialFailure& failure) {
  switch (failure.problem) {
    case DialProblem::kAuthorities:
    case DialProblem::kNameUnknown:
    case DialProblem::kResolverFailed:
    case DialProblem::kRefused:
    case DialProblem::kUnreachable:
    case DialProblem::kTimeout:
    case DialProblem::kTlsFailed:
    case DialProblem::kNotHttp:
      return true;
    case DialProblem::kProxyRefused:
    case DialProblem::kHttpStatus:
      return CanStatusHeal(failure.http_status);
    case DialProblem::kCredentials:
    case DialProblem::kSetting:
    case DialProblem::kForbidden:
    case DialProblem::kNotTls:
    case DialProblem::kTlsVersion:
    case DialProblem::kCertificateExpired:
    case DialProblem::kCertificateHost:
    case DialProblem::kCertificateUntrusted:
    case DialProblem::kClientCertificate:
    case DialProblem::kRedirect:
    case DialProblem::kBadAccept:
    case DialProblem::kSubprotocol:
      return false;
  }
  return true;
}

std::string_view StageName(DialStage stage) {
  switch (stage) {
    case DialStage::kResolve:
      return "resolve";
    case DialStage::kConnect:
      return "connect";
    case DialStage::kTls:
      return "tls";
    case DialStage::kUpgrade:
      return "upgrade";
  }
  return "unknown";
}

}  // namespace inlet::ws
