// Builds a Value from the events of a parser.
#include "service/config/tree_builder.h"

#include <utility>

#include "ingest/text.h"
#include "service/config/names.h"

namespace inlet::config {

absl::Status TreeBuilder::Key(std::string_view key, int line) {
  Frame& frame = open_.back();
  if (key.size() > kMaxKeyBytes) {
    return ValueError(Place(source_, line), Path(),
                      Concat({"a key longer than ", std::to_string(kMaxKeyBytes), " bytes"}));
  }
  const auto [entry, is_new] = frame.lines_of_keys.emplace(key, line);
  if (!is_new) {
    const std::string first =
        entry->second == 0 ? std::string() : Concat({", first on line ", std::to_string(entry->second)});
    return ValueError(Place(source_, line), Path(),
                      Concat({"duplicate key ", Shown(key), first, "; keep one of them"}));
  }
  frame.has_key = true;
  frame.key = key;
  frame.key_line = line;
  return CountOne(line);
}

absl::Status TreeBuilder::Scalar(Value value) {
  const int line = value.line;
  Attach(std::move(value));
  return CountOne(line);
}

absl::Status TreeBuilder::Open(Value::Kind kind, int line) {
  if (open_.size() == kMaxConfigDepth) {
    return ValueError(Place(source_, line), Path(),
                      Concat({"nested deeper than ", std::to_string(kMaxConfigDepth), " levels"}));
  }
  open_.emplace_back();
  open_.back().value.kind = kind;
  open_.back().value.line = line;
  return CountOne(line);
}

absl::Status TreeBuilder::Close() {
  Value value = std::move(open_.back().value);
  open_.pop_back();
  Attach(std::move(value));
  return absl::OkStatus();
}

absl::Status TreeBuilder::CountOne(int line) {
  if (++count_ <= most_values_) return absl::OkStatus();
  return ValueError(Place(source_, line), "", Concat({"more than ", std::to_string(most_values_), " keys and values"}));
}

void TreeBuilder::Attach(Value value) {
  if (open_.empty()) {
    root_ = std::move(value);
    return;
  }
  Frame& frame = open_.back();
  if (frame.value.kind == Value::Kind::kList) {
    frame.value.items.push_back(std::move(value));
    return;
  }
  // A parser sees that a key has no value only at what comes after it.
  if (value.kind == Value::Kind::kNull) value.line = frame.key_line;
  frame.value.members.push_back({std::move(frame.key), frame.key_line, std::move(value)});
  frame.has_key = false;
}

std::string TreeBuilder::Path() const {
  std::string path;
  for (const Frame& frame : open_) {
    if (frame.has_key) path = JoinPath(path, frame.key);
  }
  return path;
}

}  // namespace inlet::config
