// Pages of lists: how large, and where the next one begins.
#include "service/rpc/page_token.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "absl/strings/escaping.h"
#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/names.h"

namespace inlet::rpc {
namespace {

constexpr std::string_view kAfterName = "after:";
constexpr std::string_view kAfterNumber = "connection:";

std::string MakeToken(std::string_view kind, std::string_view last) {
  return absl::WebSafeBase64Escape(Concat({kind, last}));
}

// What stands behind `kind` in the token; nothing if it is of another kind, or none.
std::optional<std::string> ReadToken(std::string_view kind, const std::string& token) {
  std::string text;
  if (!absl::WebSafeBase64Unescape(token, &text) || !text.starts_with(kind)) return std::nullopt;
  return text.substr(kind.size());
}

absl::Status NotOurs() {
  return FieldInvalid(
      "page_token", "page_token is not one of ours: send the nextPageToken of the page before, or none for the first");
}

}  // namespace

std::string MakePageToken(std::string_view last) { return MakeToken(kAfterName, last); }

absl::StatusOr<std::string> ReadPageToken(const std::string& token) {
  if (token.empty()) return std::string();
  std::optional<std::string> name = ReadToken(kAfterName, token);
  if (!name || !config::IsName(*name)) return NotOurs();
  return *std::move(name);
}

std::string MakeNumberPageToken(uint64_t last) { return MakeToken(kAfterNumber, std::to_string(last)); }

absl::StatusOr<uint64_t> ReadNumberPageToken(const std::string& token) {
  if (token.empty()) return 0;
  const std::optional<std::string> text = ReadToken(kAfterNumber, token);
  if (!text) return NotOurs();
  uint64_t number = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, number);
  if (error != std::errc() || stop != end) return NotOurs();
  return number;
}

absl::StatusOr<size_t> ReadPageSize(int32_t asked) {
  if (asked < 0) return FieldInvalid("page_size", "page_size must not be negative: 0 means 100, and 1000 is the most");
  return static_cast<size_t>(asked == 0 ? kDefaultPageSize : std::min(asked, kMaxPageSize));
}

}  // namespace inlet::rpc
