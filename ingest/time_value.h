// The time that a value of a record says.
#ifndef INLET_INGEST_TIME_VALUE_H_
#define INLET_INGEST_TIME_VALUE_H_

#include <optional>
#include <string_view>

#include "ingest/instant.h"
#include "ingest/time_format.h"

namespace inlet::ingest {

// Of `number`, a JSON number of milliseconds since 1970, however it is written. Nanoseconds are kept, what is below
// them is cut. Nothing outside of the years 1 to 9999.
std::optional<Instant> TimeOfNumber(std::string_view number);

// Of a text of `format`; without one (null), of RFC 3339 or a number as above. Nothing for any other text.
std::optional<Instant> TimeOfText(const TimeFormat* format, std::string_view text);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_TIME_VALUE_H_
