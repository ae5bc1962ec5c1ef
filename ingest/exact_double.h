// Decimal numbers as doubles, and whether that changes them.
#ifndef INLET_INGEST_EXACT_DOUBLE_H_
#define INLET_INGEST_EXACT_DOUBLE_H_

#include <optional>
#include <string_view>

namespace inlet::ingest {

struct NearestDouble {
  double value = 0;
  bool is_exact = false;  // its shortest text is the same number: so it is for 0.1, and not for 0.10000000000000001
};

// The whole of `text`, a number as std::from_chars reads it. Nothing if it is none, or none that is finite.
std::optional<NearestDouble> ReadDouble(std::string_view text);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_EXACT_DOUBLE_H_
