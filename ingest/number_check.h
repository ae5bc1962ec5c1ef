// Whether the numbers of a JSON text are the same as doubles. Judged from the text, since a double cannot tell.
#ifndef INLET_INGEST_NUMBER_CHECK_H_
#define INLET_INGEST_NUMBER_CHECK_H_

#include <cstdint>
#include <string_view>

namespace inlet::ingest {

// A double holds every integer whose bits, from the first that is set to the last, are at most 53.
bool IsExactInDouble(int64_t value);
bool IsExactInDouble(uint64_t value);

// `number`: a JSON number with a fraction or an exponent. Exact means that who prints the double with as many digits as
// the text has gets the text's digits: always so for 15 digits, never for more than 17 (zeros at both ends aside).
// A number that becomes 0, infinite or subnormal is not exact; -0.0 is.
bool IsExactInDouble(std::string_view number);

// Whether all numbers with a fraction or an exponent in `json`, which must be valid JSON, are exact.
bool AllDecimalsAreExact(std::string_view json);

// A cheap look at `json`. False: no number with a fraction or an exponent has more than 15 digits. True: one may have.
bool MayHoldLongDecimal(std::string_view json);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_NUMBER_CHECK_H_
