// One line for each cause that only a person can remove.
#include "ingest/ws/dial_advice.h"

namespace inlet::ws {
namespace {

std::string_view AdviceForStatus(int status) {
  switch (status) {
    case 400:
      return "check the path and requestHeader";
    case 401:
      return "set requestHeader.Authorization";
    case 403:
      return "check requestHeader (Authorization, Origin, Cookie) and whether this client may connect";
    case 404:
    case 410:
      return "check the path in DATASOURCE";
    case 426:
      return "the server wants another protocol: check scheme, addr and subprotocols";
    default:
      return "check addr, the path in DATASOURCE and requestHeader";
  }
}

}  // namespace

std::string_view AdviceFor(const DialFailure& failure) {
  if (CanHeal(failure)) return {};
  switch (failure.problem) {
    case DialProblem::kHttpStatus:
      return AdviceForStatus(failure.http_status);
    case DialProblem::kProxyRefused:
      return "check proxyUrl, its user and password, and what the proxy allows";
    case DialProblem::kCredentials:
      return "supply what the settings refer to";
    case DialProblem::kForbidden:
      return "ask the operator for an egress rule, or change addr";
    case DialProblem::kNotTls:
      return "set scheme to ws, or addr to the port that speaks TLS";
    case DialProblem::kTlsVersion:
      return "check tlsMinVersion, or let the server speak a newer version";
    case DialProblem::kCertificateExpired:
      return "renew the server's certificate, or check this machine's clock";
    case DialProblem::kCertificateHost:
      return "set serverName to a name that the certificate holds, or check addr";
    case DialProblem::kCertificateUntrusted:
      return "set rootCaPath or rootCARaw to the issuer's certificate";
    case DialProblem::kClientCertificate:
      return "set certificationPath and privateKeyPath to a certificate that the server accepts";
    case DialProblem::kRedirect:
      return "redirects are not followed: set addr and DATASOURCE to the new place";
    case DialProblem::kBadAccept:
      return "check that addr and DATASOURCE name a WebSocket server, and not a cache before it";
    case DialProblem::kSubprotocol:
      return "set subprotocols to one that the server speaks";
    default:
      return {};
  }
}

}  // namespace inlet::ws
