// simdjson's first stage behind a door: where the pieces of a JSON text begin.
#ifndef INLET_INGEST_JSON_STRUCTURE_H_
#define INLET_INGEST_JSON_STRUCTURE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace simdjson::internal {
class dom_parser_implementation;
}

namespace inlet::ingest {

// Not thread-safe; allocates only for a text longer than any before.
class JsonStructure {
 public:
  // Bytes after a text that are read, whatever they are.
  static constexpr size_t kPadding = 64;

  JsonStructure();
  ~JsonStructure();
  JsonStructure(const JsonStructure&) = delete;
  JsonStructure& operator=(const JsonStructure&) = delete;

  // Finds brackets, colons and commas outside of strings, and where scalars begin. False: `text` is empty, no JSON (not
  // UTF-8, a string that is not closed or has a control character), does not end in `}`, or there is no memory. True
  // says nothing about grammar and escapes. kPadding bytes after the text must be readable.
  bool Find(std::string_view text);

  // Places in the last text found, rising; the last one is that of a `}`.
  const uint32_t* begin() const { return begin_; }
  const uint32_t* end() const { return end_; }

 private:
  bool Reserve(size_t size);

  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_;
  size_t capacity_ = 0;
  const uint32_t* begin_ = nullptr;
  const uint32_t* end_ = nullptr;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_JSON_STRUCTURE_H_
