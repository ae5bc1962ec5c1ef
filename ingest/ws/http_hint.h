// What to change when a server answers the upgrade with another status than 101. Pure functions, any thread.
#ifndef INLET_INGEST_WS_HTTP_HINT_H_
#define INLET_INGEST_WS_HTTP_HINT_H_

#include <string>

#include "ingest/ws/dial.h"
#include "ingest/ws/dial_hint.h"

namespace inlet::ws {

// Of a 3xx: names the target as settings have it.
std::string RedirectHint(const DialFailure& failure, const HintContext& context);

// Of any other status.
std::string HttpStatusHint(const DialFailure& failure, const HintContext& context);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_HTTP_HINT_H_
