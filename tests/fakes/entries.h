// Makes entries for tests, as a decoder would.
#ifndef INLET_TESTS_FAKES_ENTRIES_H_
#define INLET_TESTS_FAKES_ENTRIES_H_

#include <string>
#include <string_view>

#include "ingest/record_writer.h"

namespace inlet::ingest {

inline WallTime Second(int64_t second) { return WallTime(std::chrono::seconds(second)); }

inline std::string Entry(std::string_view json, WallTime time = Second(1), uint64_t connection = 1) {
  PaddedBuffer out;
  AppendJsonEntry({time, connection}, json, out);
  return std::string(out.view());
}

inline std::string GapEntry(std::string_view detail) {
  PaddedBuffer out;
  AppendGapEntry({Second(2), 0}, {Second(1), Second(2), detail}, out);
  return std::string(out.view());
}

}  // namespace inlet::ingest

#endif  // INLET_TESTS_FAKES_ENTRIES_H_
