// Where `subscribe` starts: the value of --from.
#include "cli/from_position.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "cli/words.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;

absl::Status Wrong(std::string_view text, std::string_view why) {
  const std::string message = Concat(
      {"--from ", text, ": ", why, "; give earliest, latest, EPOCH:OFFSET, OFFSET, -10, -1h or 2026-01-31T12:00:00Z"});
  return absl::InvalidArgumentError(message);
}

template <typename Number>
std::optional<Number> ReadNumber(std::string_view text) {
  Number number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || stopped != end || error != std::errc()) return std::nullopt;
  return number;
}

absl::StatusOr<FromPosition> FromThePast(std::string_view text, std::chrono::system_clock::time_point now) {
  const std::string_view amount = text.substr(1);
  if (const std::optional<uint32_t> count = ReadNumber<uint32_t>(amount)) {
    return *count > 0 ? absl::StatusOr<FromPosition>(FromLast{*count})
                      : Wrong(text, "the number of records begins at 1");
  }
  const std::optional<std::chrono::milliseconds> age = ParseDuration(amount);
  if (!age) return Wrong(text, "neither a number of records nor a duration such as 90s or 1h30m");
  const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()) - *age;
  // The contract's times begin with the year 1.
  if (time.count() < TimeUtil::kTimestampMinSeconds * 1000) return Wrong(text, "that is too long ago");
  return FromTime{TimeUtil::MillisecondsToTimestamp(time.count())};
}

absl::StatusOr<FromPosition> FromTheOffset(std::string_view text, std::string_view epoch, std::string_view digits) {
  const std::optional<uint64_t> offset = ReadNumber<uint64_t>(digits);
  if (!offset) return Wrong(text, "not a position that I know");
  if (*offset == 0) return Wrong(text, "offsets begin at 1");
  return FromOffset{std::string(epoch), *offset};
}

// A day alone begins at midnight, UTC.
std::string WithTime(std::string_view text) {
  constexpr std::string_view kDay = "dddd-dd-dd";
  const auto fits = [](char c, char form) { return form == '-' ? c == '-' : c >= '0' && c <= '9'; };
  const bool is_day = std::equal(text.begin(), text.end(), kDay.begin(), kDay.end(), fits);
  return Concat({text, is_day ? "T00:00:00Z" : ""});
}

}  // namespace

absl::StatusOr<FromPosition> ParseFrom(std::string_view text, std::chrono::system_clock::time_point now) {
  if (SameWord(text, "earliest")) return FromEarliest{};
  if (SameWord(text, "latest")) return FromNext{};
  if (text.starts_with('-')) return FromThePast(text, now);
  if (Timestamp time; TimeUtil::FromString(WithTime(text), &time)) return FromTime{time};
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return FromTheOffset(text, "", text);
  const std::string_view epoch = text.substr(0, colon);
  if (epoch.empty() || epoch.find(':') != std::string_view::npos) return Wrong(text, "not a position that I know");
  return FromTheOffset(text, epoch, text.substr(colon + 1));
}

}  // namespace inlet::cli
