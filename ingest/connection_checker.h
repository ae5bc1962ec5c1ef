// The seam to checks: what one look at a connection finds, and who looks.
#ifndef INLET_INGEST_CONNECTION_CHECKER_H_
#define INLET_INGEST_CONNECTION_CHECKER_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/loop.h"
#include "ingest/stream_spec.h"

namespace inlet::ingest {

struct CheckStage {
  std::string name;  // client role: resolve, connect, tls, upgrade, message; server role: bind, path
  bool ok = false;
  std::chrono::nanoseconds duration{0};
  std::string detail;
};

// Texts are UTF-8 without control characters, and hold no secret of the stream.
struct CheckReport {
  bool reachable = false;
  std::string endpoint;            // the URL dialled, or the one to connect to
  std::string hint;                // what to change; empty if reachable
  std::vector<CheckStage> stages;  // in order; only the last may have failed
  std::string tls_version;
  std::string certificate_subject;
  std::string certificate_issuer;
  std::optional<WallTime> certificate_expire_time;
  int http_status = 0;                       // 0: no HTTP answer
  std::vector<HttpHeader> response_headers;  // chosen ones of a refusal
  std::string subprotocol;
  std::string extensions;
  std::string first_message;
};

struct CheckOptions {
  // After the upgrade the open messages are sent, and one message is awaited. 0: neither.
  std::chrono::nanoseconds wait_for_message{0};
  std::chrono::nanoseconds patience{std::chrono::seconds(9)};  // the report comes by then
};

// A check that runs. Destroying it ends it: no report comes. To be destroyed before the checker, on the loop's thread;
// also inside its own report.
class Check {
 public:
  virtual ~Check() = default;
};

// Loop thread only.
class ConnectionChecker {
 public:
  using Done = std::function<void(CheckReport report)>;

  virtual ~ConnectionChecker() = default;

  // Looks at what `spec` would connect to, or listen on; sends nothing but what a connection takes, and changes
  // nothing. `done` gets the report in a later turn. ResourceExhausted (LIMIT_REACHED): too many checks run.
  virtual absl::StatusOr<std::unique_ptr<Check>> Start(const StreamSpec& spec, const CheckOptions& options,
                                                       Done done) = 0;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_CONNECTION_CHECKER_H_
