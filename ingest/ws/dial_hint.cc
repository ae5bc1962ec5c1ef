// What to change so that a dial succeeds: name, network, TLS. What HTTP answers mean is in http_hint.cc.
#include "ingest/ws/dial_hint.h"

#include <string_view>

#include "ingest/text.h"
#include "ingest/ws/http_hint.h"

namespace inlet::ws {
namespace {

std::string AddressOf(const ingest::ClientRole& role) {
  const bool v6 = role.host.find(':') != std::string::npos;
  return Concat({v6 ? "[" : "", role.host, v6 ? "]:" : ":", std::to_string(role.port)});
}

bool Contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string CredentialsHint(const DialFailure& failure) {
  return Concat(
      {failure.text,
       ": give it where inletd runs (variables that secrets.env allows, files in secrets.dir, certificates in "
       "certificates.dir)"});
}

std::string AuthoritiesHint(const DialFailure& failure, const HintContext& context) {
  constexpr std::string_view kSystems =
      "SSL_CERT_FILE and SSL_CERT_DIR name where inletd runs (Debian: ca-certificates)";
  if (!context.role.tls_settings.root_ca.empty()) {
    return Concat({failure.text, ": those of rootCaPath or rootCARaw wait while the files are read that ", kSystems,
                   ": check the disk that holds them"});
  }
  return Concat({failure.text, ": check the files that ", kSystems, ", or set rootCaPath"});
}

std::string ForbiddenHint(const DialFailure& failure) {
  if (Contains(failure.text, "link-local")) {
    return Concat({failure.text, ", whatever the rules say: set addr to another address"});
  }
  if (Contains(failure.text, "egress.proxy")) {
    return Concat({failure.text, "; without it, clear proxyUrl"});
  }
  return Concat({failure.text,
                 "; the operator of inletd can change egress.allow and egress.deny, or set addr to a target "
                 "that is allowed"});
}

// While name and connection are the proxy's.
std::string ProxyAddressHint(const DialFailure& failure) {
  return Concat({failure.text, ": check host and port in proxyUrl, or clear it if the server can be reached directly"});
}

std::string ProxyRefusedHint(const DialFailure& failure, const std::string& target) {
  switch (failure.http_status) {
    case 401:
    case 407:
      return "the proxy wants a user and a password: set proxyUrl to http://user:password@host:port, with the right "
             "ones";
    case 403:
      return Concat({"the proxy does not let anybody connect to ", target,
                     ": ask its operator, or set another proxyUrl (or none)"});
    case 405:
    case 501:
      return "proxyUrl names a server that knows no CONNECT, so it is no proxy for this: set proxyUrl to one that is";
    case 502:
    case 503:
    case 504:
      return Concat({"the proxy cannot reach ", target, " itself: check addr, or take another proxyUrl"});
    default:
      return Concat({failure.text, ": check that proxyUrl names an HTTP proxy that speaks CONNECT"});
  }
}

std::string TimeoutHint(const DialFailure& failure, const HintContext& context) {
  const std::string address = AddressOf(context.role);
  switch (failure.stage) {
    case DialStage::kResolve:
      return "the name servers take too long: check /etc/resolv.conf where inletd runs";
    case DialStage::kConnect:
      return Concat({"nothing answers at ", address,
                     ": a firewall drops what is sent, or the machine is down; check host and port in addr, and set "
                     "proxyUrl if the way out leads through a proxy"});
    case DialStage::kTls:
      return Concat({address,
                     " takes the connection and stays mute: if it is a plain port, set scheme to ws; else check "
                     "the port in addr, or raise handshakeTimeout"});
    case DialStage::kUpgrade:
      break;
  }
  return Concat({address,
                 " takes the connection and does not answer the handshake: check that a WebSocket server listens "
                 "on this port",
                 context.role.tls ? "" : ", set scheme to wss if it speaks TLS", ", or raise handshakeTimeout"});
}

std::string NotTlsHint(const HintContext& context) {
  return Concat({"the port speaks no TLS: set scheme to ws (a ws:// URL), or set the port in addr to the one for TLS (",
                 std::to_string(context.role.port), " is plain)"});
}

std::string TlsVersionHint(const HintContext& context) {
  if (context.role.tls_settings.min_version == ingest::TlsVersion::kTls13) {
    return "the server does not speak TLS 1.3: set tlsMinVersion to tls1.2, or update the server";
  }
  return "the server speaks only TLS older than 1.2, below what tlsMinVersion can be set to: update the server";
}

std::string HostHint(const DialFailure& failure, const HintContext& context) {
  return Concat({failure.text, ": set serverName to a name that the certificate holds, or correct ",
                 context.role.tls_settings.server_name.empty() ? "addr" : "the one that is set (or addr)"});
}

std::string UntrustedHint(const DialFailure& failure, const DialFacts& facts, const HintContext& context) {
  const std::string issuer =
      facts.certificate_issuer.empty() ? std::string() : Concat({" (", facts.certificate_issuer, ")"});
  const bool has_own = !context.role.tls_settings.root_ca.empty();
  return Concat({failure.text, has_own ? ", which rootCaPath or rootCARaw does not hold" : "",
                 ": set rootCaPath to the ", "certificate of its issuer", issuer,
                 "; insecureSkipVerify takes any, for a trial only"});
}

std::string ClientCertificateHint(const DialFailure& failure, const HintContext& context) {
  if (context.role.tls_settings.certificate.empty()) {
    return "the server wants a client certificate: set certificationPath and privateKeyPath";
  }
  return Concat({failure.text,
                 ": set certificationPath and privateKeyPath to a pair that is valid and whose issuer the "
                 "server trusts"});
}

std::string NotHttpHint(const DialFailure& failure, const DialFacts& facts, const HintContext& context) {
  if (Contains(failure.text, "answers with TLS")) return "the port speaks TLS: set scheme to wss (a wss:// URL)";
  const std::string hint = Concat({failure.text, ": check the port in addr"});
  if (!context.role.tls) return Concat({hint, ", and set scheme to wss if the port speaks TLS"});
  // Its refusal comes after the handshake, and may be lost on the way.
  const bool may_want_certificate = facts.tls_version == "TLSv1.3" && context.role.tls_settings.certificate.empty();
  return may_want_certificate
             ? Concat({hint, "; if the server wants a client certificate, set certificationPath and privateKeyPath"})
             : hint;
}

std::string SubprotocolHint(const DialFailure& failure, const HintContext& context) {
  if (context.connection.subprotocols.empty()) {
    return Concat({failure.text, ": set subprotocols to the one that it wants"});
  }
  std::string offered;
  for (const std::string& one : context.connection.subprotocols) offered += Concat({offered.empty() ? "" : ", ", one});
  return Concat({failure.text, ": set subprotocols to what it speaks (offered: ", offered, "), or clear it"});
}

}  // namespace

std::string HintFor(const DialFailure& failure, const DialFacts& facts, const HintContext& context) {
  const ingest::ClientRole& role = context.role;
  const bool of_proxy =
      !role.proxy_url.empty() && (failure.stage == DialStage::kResolve || failure.stage == DialStage::kConnect);
  switch (failure.problem) {
    case DialProblem::kCredentials:
      return CredentialsHint(failure);
    case DialProblem::kSetting:
      return failure.text;
    case DialProblem::kAuthorities:
      return AuthoritiesHint(failure, context);
    case DialProblem::kForbidden:
      return ForbiddenHint(failure);
    case DialProblem::kProxyRefused:
      return ProxyRefusedHint(failure, AddressOf(role));
    case DialProblem::kNameUnknown:
      if (of_proxy) return ProxyAddressHint(failure);
      return Concat({"no name server knows ", role.host, ": check the host in addr (or in the URL)"});
    case DialProblem::kResolverFailed:
      return Concat(
          {"the name servers do not answer about ", role.host,
           ": check /etc/resolv.conf where inletd runs, or set addr to an IP address and serverName to the name"});
    case DialProblem::kRefused:
      if (of_proxy) return ProxyAddressHint(failure);
      return Concat({"nobody listens at ", AddressOf(role), ": check the port in addr, and that the server runs"});
    case DialProblem::kUnreachable:
      if (of_proxy) return ProxyAddressHint(failure);
      return Concat({failure.text, ": check addr, and the network between inletd and ", AddressOf(role)});
    case DialProblem::kTimeout:
      return of_proxy ? ProxyAddressHint(failure) : TimeoutHint(failure, context);
    case DialProblem::kNotTls:
      return NotTlsHint(context);
    case DialProblem::kTlsVersion:
      return TlsVersionHint(context);
    case DialProblem::kCertificateExpired:
      return Concat({failure.text,
                     ": the server needs a new one (or the clock where inletd runs is wrong); "
                     "insecureSkipVerify takes it meanwhile, unchecked"});
    case DialProblem::kCertificateHost:
      return HostHint(failure, context);
    case DialProblem::kCertificateUntrusted:
      return UntrustedHint(failure, facts, context);
    case DialProblem::kClientCertificate:
      return ClientCertificateHint(failure, context);
    case DialProblem::kTlsFailed:
      return Concat({failure.text, ": check that the port in addr speaks TLS (else set scheme to ws), and serverName"});
    case DialProblem::kNotHttp:
      return NotHttpHint(failure, facts, context);
    case DialProblem::kRedirect:
      return RedirectHint(failure, context);
    case DialProblem::kHttpStatus:
      return HttpStatusHint(failure, context);
    case DialProblem::kBadAccept:
      return Concat({failure.text,
                     ": this is no WebSocket server, or something in between answers in its place; check the "
                     "port in addr and the path in datasource"});
    case DialProblem::kSubprotocol:
      return SubprotocolHint(failure, context);
  }
  return failure.text;
}

std::string HintForMessage(const MessageFailure& failure, const HintContext& context) {
  switch (failure.problem) {
    case MessageFailure::Problem::kSilence:
      if (context.role.open_messages.empty()) {
        return "the server is there and says nothing: many wait for a subscription, which openMessages sends; or allow "
               "a "
               "longer wait_for_message";
      }
      return "the server takes openMessages and says nothing: check what they ask for, or allow a longer "
             "wait_for_message";
    case MessageFailure::Problem::kOnlyBinary:
      return "the server sends binary messages, which are no records: ask it for text (in openMessages, subprotocols "
             "or "
             "the query of datasource)";
    case MessageFailure::Problem::kTooLarge:
      return Concat({failure.text, ": raise maxMessageBytes"});
    case MessageFailure::Problem::kInvalidUtf8:
      return "the server sends text that is not UTF-8, which RFC 6455 forbids: it has to be mended there";
    case MessageFailure::Problem::kClosed:
      return Concat({failure.text,
                     failure.close_code == 1008 ? ": it refuses this client; check requestHeader and "
                                                : ": its reason, if it gives one, says why; check ",
                     "openMessages"});
    case MessageFailure::Problem::kReference:
      return Concat({failure.text, ": give it where inletd runs, or change openMessages"});
    case MessageFailure::Problem::kNotSent:
      return "openMessages are more than a connection holds back (1 MiB): shorten them";
    case MessageFailure::Problem::kNoMemory:
      return "too many long messages are under way in inletd: check again later, with fewer streams or a lower "
             "maxMessageBytes";
  }
  return failure.text;
}

}  // namespace inlet::ws
