// Whether a text is plainly a JSON object: the answer that nearly every message gets, without building anything.
#ifndef INLET_INGEST_JSON_CHECK_H_
#define INLET_INGEST_JSON_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/json_structure.h"

namespace inlet::ingest {

// simdjson finds the structure of the text and checks its UTF-8 and its strings; then one walk over the structure
// checks the grammar. Half the time of a parse, since no value is converted. Not thread-safe; allocates only for a text
// longer than any before.
class JsonCheck {
 public:
  // Bytes after a text that are read, whatever they are.
  static constexpr size_t kPadding = 64;
  static constexpr uint32_t kMaxDepth = 1024;

  // True: `text` is one object in strict JSON and UTF-8, nested at most kMaxDepth deep; numbers may have any size.
  // False says nothing (a text with a backslash, for one, is left to others). kPadding bytes after it must be readable.
  bool IsPlainObject(std::string_view text);

  // Free for other uses between two calls.
  JsonStructure& structure() { return structure_; }

 private:
  JsonStructure structure_;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_JSON_CHECK_H_
