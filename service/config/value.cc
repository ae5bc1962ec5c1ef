// What a configuration text says: the errors about it.
#include "service/config/value.h"

#include <utility>

#include "ingest/error.h"
#include "ingest/nearest.h"
#include "ingest/text.h"
#include "service/config/names.h"

namespace inlet::config {
namespace {

constexpr size_t kMostListed = 16;

std::string ValidKeys(const std::vector<std::string_view>& candidates) {
  if (candidates.empty() || candidates.size() > kMostListed) return {};
  std::string list = "; valid here: ";
  for (const std::string_view candidate : candidates) {
    if (candidate != candidates.front()) list += ", ";
    list += candidate;
  }
  return list;
}

std::string At(std::string_view place) { return place.empty() ? std::string() : Concat({place, ": "}); }

}  // namespace

std::string Place(std::string_view source, int line) {
  return line == 0 ? std::string(source) : Concat({source, ":", std::to_string(line)});
}

absl::Status ValueError(std::string_view place, std::string_view key, std::string_view message) {
  return FieldInvalid(key, Concat({At(place), key, key.empty() ? "" : ": ", message}));
}

absl::Status UnknownKey(std::string_view place, std::string_view prefix, std::string_view key,
                        const std::vector<std::string_view>& candidates) {
  const std::string nearest = Nearest(key, candidates);
  const bool is_inside = !prefix.empty() && !place.empty();
  const std::string inside = is_inside ? Concat({" in ", prefix}) : std::string();
  const std::string advice = nearest.empty() ? ValidKeys(candidates) : DidYouMean(nearest);
  // The names of environment variables may be any bytes; what goes on the wire may not.
  const std::string option = IsUtf8(key) && key.size() <= kMaxKeyBytes ? std::string(key) : Shown(key);
  return MakeError(absl::StatusCode::kInvalidArgument,
                   Concat({At(place.empty() ? prefix : place), "unknown key ", Shown(key), inside, advice}),
                   {"OPTION_UNKNOWN", {{"option", option}, {"nearest", nearest}}, {}, {}});
}

}  // namespace inlet::config
