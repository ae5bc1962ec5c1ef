// The literals of DEFAULT.
#include "service/sql/literal.h"

#include <charconv>
#include <cmath>

#include "service/sql/sql_error.h"

namespace inlet::sql {
namespace {

// The whole text as a number; false if it is none, or out of range.
template <typename Number>
bool ReadNumber(std::string_view text, Number& number) {
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return !text.empty() && stopped == text.data() + text.size() && error == std::errc();
}

absl::StatusOr<DefaultValue> ReadBoolean(std::string_view text, const Token& token) {
  if (SameWord(text, "TRUE")) return DefaultValue(true);
  if (SameWord(text, "FALSE")) return DefaultValue(false);
  return Unexpected(token, "TRUE or FALSE as the DEFAULT of a BOOLEAN column");
}

absl::StatusOr<DefaultValue> ReadBigint(std::string_view text, const Token& token) {
  int64_t value = 0;
  if (ReadNumber(text, value)) return DefaultValue(value);
  return Unexpected(token, "an integer of 64 bits as the DEFAULT of a BIGINT column");
}

absl::StatusOr<DefaultValue> ReadFloat(std::string_view text, const Token& token) {
  double value = 0;
  if (ReadNumber(text, value) && std::isfinite(value)) return DefaultValue(value);
  return Unexpected(token, "a number as the DEFAULT of a FLOAT column");
}

absl::StatusOr<DefaultValue> ReadString(const Token& token) {
  if (token.kind == TokenKind::kText) return DefaultValue(token.value);
  return Unexpected(token, "a text in quotes as the DEFAULT of a STRING column");
}

}  // namespace

bool TakesDefault(TypeKind kind) {
  return kind == TypeKind::kBigint || kind == TypeKind::kFloat || kind == TypeKind::kString ||
         kind == TypeKind::kBoolean;
}

absl::StatusOr<DefaultValue> ReadDefault(TypeKind kind, const Token& token) {
  const std::string_view text = Content(token);
  if (kind == TypeKind::kBoolean) return ReadBoolean(text, token);
  if (kind == TypeKind::kBigint) return ReadBigint(text, token);
  if (kind == TypeKind::kFloat) return ReadFloat(text, token);
  return ReadString(token);
}

}  // namespace inlet::sql
