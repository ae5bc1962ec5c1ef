// Strict RFC 8259 without a tree: where values end, how deep they nest, and what is wrong first.
#ifndef INLET_INGEST_JSON_SCANNER_H_
#define INLET_INGEST_JSON_SCANNER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace inlet::ingest {

// Off the fast path: for arrays, for errors, and for numbers that simdjson refuses. Does not recurse; keeps one bit for
// each level that is open. After a call has returned false only the error may be asked for.
class JsonScanner {
 public:
  static constexpr int kEnd = -1;

  // `text` must be valid UTF-8 and outlive the scanner. A value that nests deeper than `max_depth` is still scanned to
  // its end, so that its neighbours can be found.
  JsonScanner(std::string_view text, uint32_t max_depth) : text_(text), max_depth_(max_depth) {}

  // Skips whitespace and returns the next byte without taking it, or kEnd.
  int Peek();
  // Takes the next byte after whitespace if it is `byte`.
  bool Take(char byte);
  // Skips whitespace and one value. False: the text is not JSON.
  bool SkipValue();
  // Records that something else should be here. Always false.
  bool Fail(std::string_view expected);

  // How far the text has been read; after an error, where it is.
  size_t position() const { return position_; }
  // Whether the last value nests too deep, and where its first level too many begins.
  bool too_deep() const { return too_deep_; }
  size_t too_deep_position() const { return too_deep_position_; }
  // "expected ':' after the key of a member, found 'x'". Shows one character of the text at most.
  std::string ErrorDetail() const;

 private:
  int Next() const { return position_ < text_.size() ? static_cast<uint8_t>(text_[position_]) : kEnd; }
  bool InObject() const { return ((levels_[(depth_ - 1) / 64] >> ((depth_ - 1) % 64)) & 1U) != 0; }
  void Open(bool object);
  bool SkipScalar(int first);
  bool SkipKey();
  bool CloseLevels();
  bool SkipString();
  bool SkipEscape();
  bool SkipNumber();
  bool SkipDigits(std::string_view expected);
  bool SkipLiteral(std::string_view literal);

  std::string_view text_;
  size_t position_ = 0;
  std::string_view expected_;     // of the error
  std::vector<uint64_t> levels_;  // a bit for each open level: whether it is an object
  size_t depth_ = 0;
  uint32_t max_depth_;
  bool too_deep_ = false;
  size_t too_deep_position_ = 0;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_JSON_SCANNER_H_
