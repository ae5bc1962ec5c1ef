// What to change after a dial that cannot heal.
#ifndef INLET_INGEST_WS_DIAL_ADVICE_H_
#define INLET_INGEST_WS_DIAL_ADVICE_H_

#include <string_view>

#include "ingest/ws/dial.h"

namespace inlet::ws {

// Names the setting, as the end of a sentence: "check requestHeader.Authorization". Empty if CanHeal(failure).
std::string_view AdviceFor(const DialFailure& failure);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_DIAL_ADVICE_H_
