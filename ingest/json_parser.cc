// Capacity grows by doubling, since simdjson alone would allocate again for each text a little longer than the last.
#include "ingest/json_parser.h"

#include <simdjson.h>

#include <algorithm>

namespace inlet::ingest {

static_assert(simdjson::SIMDJSON_PADDING <= JsonParser::kPadding);

JsonParser::JsonParser(uint32_t max_depth)
    : parser_(std::make_unique<simdjson::dom::parser>()), max_depth_(max_depth) {}

JsonParser::~JsonParser() = default;

bool JsonParser::Parse(std::string_view text) {
  constexpr size_t kSmallestCapacity = 4096;
  if (text.size() > parser_->capacity()) {
    const size_t capacity = std::max({text.size(), parser_->capacity() * 2, kSmallestCapacity});
    if (parser_->allocate(capacity, max_depth_) != simdjson::SUCCESS) return false;
    if (parser_->doc.allocate(capacity) != simdjson::SUCCESS) return false;
  }
  return parser_->parse(text.data(), text.size(), false).error() == simdjson::SUCCESS;
}

JsonTape JsonParser::tape() const { return {parser_->doc.tape.get(), parser_->doc.string_buf.get()}; }

bool IsUtf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

}  // namespace inlet::ingest
