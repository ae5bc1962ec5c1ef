// Integers that a JSON number says exactly, however it is written.
#ifndef INLET_INGEST_EXACT_INTEGER_H_
#define INLET_INGEST_EXACT_INTEGER_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace inlet::ingest {

// Whether all of `text` is a number by RFC 8259.
bool IsJsonNumber(std::string_view text);

// `number`, a JSON number, has neither fraction nor exponent.
bool IsIntegerLiteral(std::string_view number);

// The value of `number`, a JSON number: 5, 5.0, 50e-1 and 0.5e1 are 5. Nothing if it is no integer or not one of 64
// bits with a sign.
std::optional<int64_t> ExactInteger(std::string_view number);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_EXACT_INTEGER_H_
