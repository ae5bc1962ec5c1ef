// The seam of the client role: one attempt to open a connection, and the connection that comes of it.
#ifndef INLET_INGEST_WS_DIAL_H_
#define INLET_INGEST_WS_DIAL_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "ingest/loop.h"
#include "ingest/source.h"
#include "ingest/stream_spec.h"

namespace inlet::ws {

// In the order of a dial.
enum class DialStage { kResolve, kConnect, kTls, kUpgrade };

// Why a dial failed, as far as it helps to say what to change.
enum class DialProblem {
  kCredentials,           // a reference yields nothing, or a certificate file cannot be read
  kSetting,               // what is set cannot be used: the text says which, and why
  kAuthorities,           // those of the system are not there, or are not read in time
  kForbidden,             // the egress rules
  kNameUnknown,           // no such host, or no address
  kResolverFailed,        // the name servers do not answer
  kRefused,               // nobody listens on the port
  kUnreachable,           // no route, or reset while connecting
  kTimeout,               // the stage took too long
  kProxyRefused,          // the proxy answers, and not 200
  kNotTls,                // TLS was spoken to a plain port
  kTlsVersion,            // no version in common
  kCertificateExpired,    // or not yet valid: the text says which
  kCertificateHost,       // it is another host's
  kCertificateUntrusted,  // unknown or self-signed issuer
  kClientCertificate,     // the server wants one, or refuses ours
  kTlsFailed,             // another TLS error
  kNotHttp,               // the answer is no HTTP, or the peer closed without one
  kRedirect,              // 3xx; redirects are never followed
  kHttpStatus,            // another status than 101
  kBadAccept,             // Sec-WebSocket-Accept is wrong or missing, or another flaw of a 101
  kSubprotocol,           // the server chose none, or one that was not offered
};

struct StageReport {
  DialStage stage = DialStage::kResolve;
  bool ok = false;
  std::chrono::nanoseconds duration{0};
  std::string detail;  // one line for a person, without secrets
};

struct DialFailure {
  DialStage stage = DialStage::kResolve;
  DialProblem problem = DialProblem::kTimeout;
  std::string text;     // a sentence without secrets: "the server answered 401 Unauthorized"
  int http_status = 0;  // 0: there was no HTTP answer
  // Chosen ones of the answer: location, www-authenticate, retry-after, server, sec-websocket-version, ...
  std::vector<ingest::HttpHeader> headers;
  std::optional<std::chrono::seconds> retry_after;
};

// What is known of an open connection.
struct DialFacts {
  std::string peer;         // ip:port as it was dialled
  std::string tls_version;  // "TLSv1.3"; empty: plain
  std::string certificate_subject;
  std::string certificate_issuer;
  std::optional<ingest::WallTime> certificate_expire_time;
  std::string subprotocol;
  std::string extensions;
};

// Takes what a connection brings. Every call comes on the loop's thread, never from inside Dialer::Dial.
class ConnectionEvents {
 public:
  virtual ~ConnectionEvents() = default;
  // A stage has ended. A failed one is followed by OnFailed.
  virtual void OnStage(const StageReport& report) = 0;
  // The upgrade is complete. Messages that came with it follow.
  virtual void OnOpen(const DialFacts& facts) = 0;
  // The dial has failed; `facts` tells as much as was learnt (of a refused certificate, too). The last call.
  virtual void OnFailed(const DialFailure& failure, const DialFacts& facts) = 0;
  // kInvalidUtf8: the connection closes with 1007.
  virtual ingest::Verdict OnText(std::string_view text, ingest::WallTime receive_time) = 0;
  // The report does not name a connection.
  virtual void OnFault(const ingest::MessageFaultReport& report) = 0;
  // An open connection is gone. `code`: of the close frame received, or sent by us; 1006 if there was none. The last
  // call.
  virtual void OnClosed(uint16_t code, std::string_view reason) = 0;
};

// One attempt and its connection. Destroying it cuts it: not one call comes afterwards. It may be destroyed inside
// any of its events. Loop thread only.
class ClientConnection {
 public:
  virtual ~ClientConnection() = default;
  // Queues a text message, and says whether there was room (1 MiB waits at most). False too unless open.
  virtual bool Send(std::string text) = 0;
  // Sends a close frame after what is queued; the peer's answer may take 4.5 s, then the connection is cut. OnClosed
  // follows. Before OnOpen: the dial ends without any further call.
  virtual void Close(uint16_t code, std::string_view reason) = 0;
};

struct DialRequest {
  ingest::ClientRole role;
  ingest::ConnectionSettings connection;
  uint32_t max_message_bytes = ingest::kDefaultMaxMessageBytes;
};

// Makes connections. Loop thread only.
class Dialer {
 public:
  virtual ~Dialer() = default;
  // References and certificate files are read now. `events` must outlive the connection. The result is never null.
  virtual std::unique_ptr<ClientConnection> Dial(const DialRequest& request, ConnectionEvents& events) = 0;
};

// Whether dialling again can help before somebody changes something: false for a bad certificate, 401, 403, 404, ...
bool CanHeal(const DialFailure& failure);

std::string_view StageName(DialStage stage);  // "resolve", "connect", "tls", "upgrade"

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_DIAL_H_
