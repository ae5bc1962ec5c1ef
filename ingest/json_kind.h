// What a JSON value is, in words.
#ifndef INLET_INGEST_JSON_KIND_H_
#define INLET_INGEST_JSON_KIND_H_

#include <string_view>

namespace inlet::ingest {

inline constexpr std::string_view kNumberKind = "a number";

// Of the value that begins with this byte: "an object", "a number" and so on.
constexpr std::string_view KindOfValue(char first) {
  switch (first) {
    case '{':
      return "an object";
    case '[':
      return "an array";
    case '"':
      return "a string";
    case 't':
    case 'f':
      return "a boolean";
    case 'n':
      return "null";
    default:
      return kNumberKind;
  }
}

}  // namespace inlet::ingest

#endif  // INLET_INGEST_JSON_KIND_H_
