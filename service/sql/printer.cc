// Writes statements: the canonical text of a parsed one, and the given text as it may be shown.
#include "service/sql/printer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "ingest/text.h"
#include "service/sql/name.h"

namespace inlet::sql {
namespace {

std::string PrintDefault(const DefaultValue& value) {
  if (const bool* truth = std::get_if<bool>(&value)) return *truth ? "TRUE" : "FALSE";
  if (const int64_t* integer = std::get_if<int64_t>(&value)) return std::to_string(*integer);
  if (const double* number = std::get_if<double>(&value)) return NumberText(*number);
  return Quote(std::get<std::string>(value));
}

std::string PrintName(std::string_view name) {
  if (IsPlainColumnName(name)) return std::string(name);
  std::string quoted = "`";
  for (const char c : name) quoted += c == '`' ? "``" : std::string(1, c);
  return quoted + '`';
}

std::string PrintFields(const std::vector<ingest::Column>& fields) {
  std::string text;
  for (const ingest::Column& field : fields) {
    text += Concat({text.empty() ? "" : ", ", PrintName(field.name), " ", ToSql(field.type)});
  }
  return text;
}

std::string PrintColumns(const std::vector<Column>& columns) {
  std::string text;
  for (const Column& column : columns) {
    text += Concat({text.empty() ? "" : ", ", PrintName(column.name), " ", ToSql(column.type)});
    if (column.default_value) text += Concat({" DEFAULT ", PrintDefault(*column.default_value)});
  }
  return text;
}

std::string PrintOptionValue(const OptionValue& value) {
  if (const bool* truth = std::get_if<bool>(&value)) return *truth ? "TRUE" : "FALSE";
  if (const uint64_t* count = std::get_if<uint64_t>(&value)) return Quote(std::to_string(*count));
  return Quote(std::get<std::string>(value));
}

}  // namespace

std::string ToSql(const CreateStream& statement) {
  std::string options;
  for (const Option& option : statement.options) {
    options += Concat({options.empty() ? "" : ", ", ToString(option.name), "=", PrintOptionValue(option.value)});
  }
  return Concat({"CREATE STREAM ", statement.name, " (", PrintColumns(statement.columns), ") WITH (", options, ")"});
}

std::string ToSql(const ColumnType& type) {
  std::string text(ToString(type.kind));
  for (const ColumnType& element : type.element) text += Concat({"(", ToSql(element), ")"});
  if (type.kind == TypeKind::kStruct) text += Concat({"(", PrintFields(type.fields), ")"});
  return text;
}

std::string NumberText(double number) {
  std::array<char, 32> digits{};  // The shortest form that reads back the same; 24 characters at most.
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() ? std::string(digits.data(), end) : std::string("0");
}

std::string Quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string RewriteValues(std::string_view text, const CreateStream& statement,
                          const std::vector<std::pair<const Option*, std::string>>& replacements) {
  std::vector<std::pair<ByteRange, std::string>> parts;
  parts.reserve(replacements.size() + statement.comments.size());
  for (const auto& [option, value] : replacements) parts.emplace_back(option->value_range, Quote(value));
  // A space: what stood on both sides of it stays apart.
  for (const ByteRange& comment : statement.comments) parts.emplace_back(comment, " ");
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.first.begin < b.first.begin; });
  std::string rewritten;
  size_t done = 0;
  for (const auto& [range, instead] : parts) {
    rewritten += Concat({text.substr(done, range.begin - done), instead});
    done = range.end;
  }
  rewritten += text.substr(done);
  return rewritten;
}

}  // namespace inlet::sql
