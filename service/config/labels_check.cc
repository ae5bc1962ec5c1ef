// Judges what users say about their streams for themselves.
#include "service/config/labels_check.h"

#include <algorithm>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/names.h"

namespace inlet::config {
namespace {

constexpr std::string_view kRule =
    ": at most 63 letters, digits, -, _ and ., beginning and ending with a letter or a digit";

bool IsAlphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

absl::Status CheckLabel(const std::string& key, const std::string& value) {
  if (!IsLabelKey(key)) {
    return FieldInvalid("stream.labels", Concat({"stream.labels: ", Shown(key), " is no key", kRule}));
  }
  if (IsLabelValue(value)) return absl::OkStatus();
  return FieldInvalid("stream.labels",
                      Concat({"stream.labels.", key, ": ", Shown(value), " is no value", kRule, "; or nothing"}));
}

}  // namespace

bool IsLabelKey(std::string_view text) {
  if (text.empty() || text.size() > kLongestLabel) return false;
  const bool fits = std::all_of(text.begin(), text.end(),
                                [](char c) { return IsAlphanumeric(c) || c == '-' || c == '_' || c == '.'; });
  return fits && IsAlphanumeric(text.front()) && IsAlphanumeric(text.back());
}

bool IsLabelValue(std::string_view text) { return text.empty() || IsLabelKey(text); }

absl::Status CheckLabels(const v1::Stream& definition) {
  if (definition.labels_size() > kMostLabels) {
    return FieldInvalid("stream.labels",
                        Concat({"stream.labels: at most 64, found ", std::to_string(definition.labels_size())}));
  }
  // In order, so that of several errors always the same is told.
  const std::map<std::string, std::string> labels(definition.labels().begin(), definition.labels().end());
  for (const auto& [key, value] : labels) {
    if (absl::Status label = CheckLabel(key, value); !label.ok()) return label;
  }
  const size_t bytes = definition.description().size();
  if (bytes <= kLongestDescription) return absl::OkStatus();
  return FieldInvalid("stream.description",
                      Concat({"stream.description: at most 1024 bytes, found ", std::to_string(bytes)}));
}

}  // namespace inlet::config
