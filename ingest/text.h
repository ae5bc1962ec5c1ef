// Joins pieces of text.
#ifndef INLET_INGEST_TEXT_H_
#define INLET_INGEST_TEXT_H_

#include <initializer_list>
#include <string>
#include <string_view>

namespace inlet {

inline std::string Concat(std::initializer_list<std::string_view> pieces) {
  size_t size = 0;
  for (std::string_view piece : pieces) size += piece.size();
  std::string text;
  text.reserve(size);
  for (std::string_view piece : pieces) text.append(piece);
  return text;
}

}  // namespace inlet

#endif  // INLET_INGEST_TEXT_H_
