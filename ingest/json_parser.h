// simdjson behind a door: texts that are parsed in place, into a tape that is allocated once.
#ifndef INLET_INGEST_JSON_PARSER_H_
#define INLET_INGEST_JSON_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace simdjson::dom {
class parser;
}

namespace inlet::ingest {

// A parsed text, as simdjson documents it. The top byte of a word is its type, the rest its payload: for `{` and `[`
// the low 32 bits are the index after the closing word; `"` is a place in `strings` (a length of 4 bytes, the text, a
// NUL); `l`, `u` and `d` have their value in the word that follows; `t`, `f` and `n` are all there is. Word 0 is the
// root.
struct JsonTape {
  const uint64_t* words = nullptr;
  const uint8_t* strings = nullptr;  // at least 32 bytes may be read after each string
};

// Not thread-safe. Allocates only for a text longer than any before.
class JsonParser {
 public:
  // Bytes after a text that are read, whatever they are.
  static constexpr size_t kPadding = 64;

  // Texts in which a container that is not empty nests `max_depth` deep, or an empty one deeper, are refused.
  explicit JsonParser(uint32_t max_depth);
  ~JsonParser();
  JsonParser(const JsonParser&) = delete;
  JsonParser& operator=(const JsonParser&) = delete;

  // Parses `text`, after which kPadding bytes must be readable. False if it is not strict JSON in UTF-8, if a number in
  // it is an integer beyond 64 bits or larger than any double, or if a string in it escapes half a surrogate pair.
  bool Parse(std::string_view text);
  // Of the last text that was parsed. Valid until the next one.
  JsonTape tape() const;

 private:
  std::unique_ptr<simdjson::dom::parser> parser_;
  uint32_t max_depth_;
};

// Whether all of `text` is UTF-8.
bool IsUtf8(std::string_view text);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_JSON_PARSER_H_
