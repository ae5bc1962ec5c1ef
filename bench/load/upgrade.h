// The HTTP part of a WebSocket connection, from either side.
#ifndef INLET_BENCH_LOAD_UPGRADE_H_
#define INLET_BENCH_LOAD_UPGRADE_H_

#include <string>
#include <string_view>

#include "bench/load/link.h"

namespace inlet::bench {

// Asks for an upgrade. `host` is host:port. False, with the reason in `error`.
bool SendRequest(Link* link, const std::string& host, const std::string& path, std::string* error);

// Waits for the answer 101, at most `timeout_seconds`. What comes behind it, which belongs to the connection, goes to
// `rest`. False, with the reason in `error`.
bool ReadAnswer(Link* link, int timeout_seconds, std::string* rest, std::string* error);

// Waits for a request and upgrades it, whatever its path. The rest as above.
bool AnswerRequest(Link* link, int timeout_seconds, std::string* rest, std::string* error);

// The value of Sec-WebSocket-Accept for the peer's key.
std::string AcceptValue(std::string_view key);

}  // namespace inlet::bench

#endif  // INLET_BENCH_LOAD_UPGRADE_H_
