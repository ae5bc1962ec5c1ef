// What a dial needs to know, with its secrets in clear: made from a request when it begins.
#ifndef INLET_INGEST_WS_DIAL_PLAN_H_
#define INLET_INGEST_WS_DIAL_PLAN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/credentials.h"
#include "ingest/stream_spec.h"
#include "ingest/ws/dial.h"
#include "ingest/ws/tls_material.h"

namespace inlet::ws {

struct ProxyPlan {
  std::string host;
  uint16_t port = 0;
  std::string authorization;  // the value of Proxy-Authorization; empty: none
};

struct DialPlan {
  std::string host;
  uint16_t port = 0;
  std::string host_header;
  std::string target;
  std::vector<ingest::HttpHeader> headers;  // beyond those that the protocol demands
  std::vector<std::string> subprotocols;
  std::unique_ptr<ClientTlsMaterial> tls;  // null: plain
  std::optional<ProxyPlan> proxy;
  std::chrono::milliseconds handshake_timeout{};
  std::chrono::milliseconds ping_interval{};
  std::chrono::milliseconds idle_timeout{};
  uint32_t max_message_bytes = 0;
};

// FailedPrecondition: a reference or file yields nothing. InvalidArgument: what it yields, or what is set, cannot be
// used. The message names the setting, never a value.
absl::StatusOr<DialPlan> MakeDialPlan(const DialRequest& request, const ingest::Credentials& credentials);

// What that error, or one of ClientTlsMaterial, is to a dial.
DialProblem ProblemOf(const absl::Status& error);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_DIAL_PLAN_H_
