// Capacity grows by doubling, as in json_parser.cc.
#include "ingest/json_structure.h"

#include <simdjson.h>

#include <algorithm>

namespace inlet::ingest {

static_assert(simdjson::SIMDJSON_PADDING <= JsonStructure::kPadding);

JsonStructure::JsonStructure() = default;
JsonStructure::~JsonStructure() = default;

bool JsonStructure::Reserve(size_t size) {
  constexpr size_t kSmallestCapacity = 4096;
  if (size <= capacity_) return true;
  const size_t capacity = std::max({size, capacity_ * 2, kSmallestCapacity});
  const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, stage_);
  capacity_ = error == simdjson::SUCCESS ? capacity : 0;
  return error == simdjson::SUCCESS;
}

bool JsonStructure::Find(std::string_view text) {
  if (text.empty() || !Reserve(text.size())) return false;
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  if (stage_->stage1(bytes, text.size(), simdjson::stage1_mode::regular) != simdjson::SUCCESS) return false;
  begin_ = stage_->structural_indexes.get();
  end_ = begin_ + stage_->n_structural_indexes;
  return begin_ != end_ && text[end_[-1]] == '}';
}

}  // namespace inlet::ingest
