// Sending a text to connections of a stream: to whom, and what became of it.
#ifndef INLET_INGEST_SEND_TARGET_H_
#define INLET_INGEST_SEND_TARGET_H_

#include <cstdint>
#include <optional>

#include "ingest/origin.h"

namespace inlet::ingest {

// To whom a text goes: one connection, or all whose path variables have these values.
struct SendTarget {
  std::optional<uint64_t> connection = {};
  WantedVariables variables = {};
};

// How many connections took it, and how many did not: their buffer is full, or they are closing.
struct SendResult {
  uint32_t sent = 0;
  uint32_t refused = 0;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_SEND_TARGET_H_
