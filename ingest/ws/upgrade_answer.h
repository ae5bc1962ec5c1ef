// A server's answer to our upgrade request, when it is not a good 101: reading it, and saying what it means.
#ifndef INLET_INGEST_WS_UPGRADE_ANSWER_H_
#define INLET_INGEST_WS_UPGRADE_ANSWER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/stream_spec.h"
#include "ingest/ws/dial.h"

struct lws;

namespace inlet::ws {

struct UpgradeAnswer {
  int status = 0;                           // 0: there was none
  std::string status_text;                  // "404 Not Found"
  std::vector<ingest::HttpHeader> headers;  // those that help
  std::string complaint;                    // of libwebsockets
};

// Inside LWS_CALLBACK_CLIENT_CONNECTION_ERROR, or while the headers are there.
UpgradeAnswer ReadUpgradeAnswer(lws* wsi, std::string_view complaint);

// `status` is not 0. `peer`: ip:port.
DialFailure JudgeUpgradeAnswer(UpgradeAnswer answer, std::string_view peer);

// Seconds, or an HTTP date seen from now. Nothing: it is neither.
std::optional<std::chrono::seconds> ParseRetryAfter(std::string_view value, std::chrono::sys_seconds now);

// Without user info, query and fragment: what may be shown of a URL that somebody else wrote.
std::string WithoutSecrets(std::string_view url);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_UPGRADE_ANSWER_H_
