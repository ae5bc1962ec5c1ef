// The seam of the client role: names, and what time alone can heal.
#include "ingest/ws/dial.h"

namespace inlet::ws {
namespace {

bool StatusCanHeal(int status) {
  switch (status) {
    case 408:  // Request Timeout
    case 425:  // Too Early
    case 429:  // Too Many Requests
      return true;
    default:
      return status >= 500;
  }
}

}  // namespace

bool CanHeal(const DialFailure& failure) {
  switch (failure.problem) {
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
      return StatusCanHeal(failure.http_status);
    case DialProblem::kCredentials:
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
  return "?";
}

}  // namespace inlet::ws
