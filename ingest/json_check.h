// Whether a text is plainly a JSON object: the answer that nearly every message gets, without building anything.
#ifndef INLET_INGEST_JSON_CHECK_H_
#define INLET_INGEST_JSON_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace simdjson::internal {
class dom_parser_implementation;
}

namespace inlet::ingest {

// simdjson finds the structure of the text and checks its UTF-8 and its strings; then one walk over the structure
// checks the grammar. Half the time of a parse, since no value is converted. Not thread-safe; allocates only for a text
// longer than any before.
class JsonCheck {
 public:
  // Bytes after a text that are read, whatever they are.
  static constexpr size_t kPadding = 64;
  static constexpr uint32_t kMaxDepth = 1024;

  JsonCheck();
  ~JsonCheck();
  JsonCheck(const JsonCheck&) = delete;
  JsonCheck& operator=(const JsonCheck&) = delete;

  // True: `text` is one object in strict JSON and UTF-8, nested at most kMaxDepth deep; numbers may have any size.
  // False says nothing (a text with a backslash, for one, is left to others). kPadding bytes after it must be readable.
  bool IsPlainObject(std::string_view text);

 private:
  bool Reserve(size_t size);

  std::unique_ptr<simdjson::internal::dom_parser_implementation> structure_;
  size_t capacity_ = 0;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_JSON_CHECK_H_
