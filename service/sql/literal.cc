// The literals of DEFAULT.
#include "service/sql/literal.h"

#include <charconv>

#include "ingest/text.h"
#include "service/sql/printer.h"
#include "service/sql/sql_error.h"

namespace inlet::sql {
namespace {

std::string_view WithoutPlus(std::string_view text) {
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  return text;
}

absl::StatusOr<DefaultValue> ReadBoolean(std::string_view text, const Token& token) {
  if (SameWord(text, "TRUE")) return DefaultValue(true);
  if (SameWord(text, "FALSE")) return DefaultValue(false);
  return Unexpected(token, "TRUE or FALSE as the DEFAULT of a BOOLEAN column");
}

absl::StatusOr<DefaultValue> ReadBigint(std::string_view text, const Token& token) {
  if (const std::optional<int64_t> value = ReadInteger(text)) return DefaultValue(*value);
  return Unexpected(token, "an integer of 64 bits as the DEFAULT of a BIGINT column");
}

absl::StatusOr<DefaultValue> ReadFloat(std::string_view text, const Token& token) {
  const std::optional<ingest::NearestDouble> number = sql::ReadFloat(text);
  if (!number) return Unexpected(token, "a number as the DEFAULT of a FLOAT column");
  if (!number->is_exact) return SyntaxError(token.position, RoundingFault(text, number->value));
  return DefaultValue(number->value);
}

absl::StatusOr<DefaultValue> ReadString(const Token& token) {
  if (token.kind == TokenKind::kText) return DefaultValue(token.value);
  return Unexpected(token, "a text in quotes as the DEFAULT of a STRING column");
}

absl::StatusOr<DefaultValue> ReadDatetime(const Token& token) {
  if (token.kind == TokenKind::kText) return DefaultValue(token.value);
  if (const std::optional<int64_t> value = ReadInteger(token.source)) return DefaultValue(*value);
  return Unexpected(token, "milliseconds since 1970, or a time in quotes, as the DEFAULT of a DATETIME column");
}

}  // namespace

bool TakesDefault(TypeKind kind) {
  return kind != TypeKind::kBytea && kind != TypeKind::kArray && kind != TypeKind::kStruct;
}

std::optional<int64_t> ReadInteger(std::string_view text) {
  text = WithoutPlus(text);
  int64_t value = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_integer = !text.empty() && stopped == text.data() + text.size() && error == std::errc();
  return is_integer ? std::optional(value) : std::nullopt;
}

std::optional<ingest::NearestDouble> ReadFloat(std::string_view text) { return ingest::ReadDouble(WithoutPlus(text)); }

std::string RoundingFault(std::string_view text, double nearest) {
  return Concat({"no FLOAT is ", Shown(text), "; the nearest one is ", NumberText(nearest)});
}

absl::StatusOr<DefaultValue> ReadDefault(TypeKind kind, const Token& token) {
  const std::string_view text = Content(token);
  if (kind == TypeKind::kBoolean) return ReadBoolean(text, token);
  if (kind == TypeKind::kBigint) return ReadBigint(text, token);
  if (kind == TypeKind::kFloat) return ReadFloat(text, token);
  return kind == TypeKind::kDatetime ? ReadDatetime(token) : ReadString(token);
}

}  // namespace inlet::sql
