// Names of a parsed statement's parts, and look-up in its options.
#include "service/sql/statement.h"

#include "ingest/text.h"

namespace inlet::sql {

std::string_view ToString(OptionName name) {
  switch (name) {
    case OptionName::kDatasource:
      return "DATASOURCE";
    case OptionName::kType:
      return "TYPE";
    case OptionName::kFormat:
      return "FORMAT";
    case OptionName::kConfKey:
      return "CONF_KEY";
    case OptionName::kStrictValidation:
      return "STRICT_VALIDATION";
    case OptionName::kTimestamp:
      return "TIMESTAMP";
    case OptionName::kTimestampFormat:
      return "TIMESTAMP_FORMAT";
    case OptionName::kExtra:
      return "EXTRA";
    case OptionName::kRetainSize:
      return "RETAIN_SIZE";
    case OptionName::kShared:
      return "SHARED";
    case OptionName::kKey:
      return "KEY";
  }
  return "";
}

std::string_view ToString(TypeKind kind) {
  switch (kind) {
    case TypeKind::kBigint:
      return "BIGINT";
    case TypeKind::kFloat:
      return "FLOAT";
    case TypeKind::kString:
      return "STRING";
    case TypeKind::kDatetime:
      return "DATETIME";
    case TypeKind::kBoolean:
      return "BOOLEAN";
    case TypeKind::kBytea:
      return "BYTEA";
    case TypeKind::kArray:
      return "ARRAY";
    case TypeKind::kStruct:
      return "STRUCT";
  }
  return "";
}

const Option* FindOption(const CreateStream& statement, OptionName name) {
  for (const Option& option : statement.options) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

std::string_view OptionText(const CreateStream& statement, OptionName name) {
  const Option* option = FindOption(statement, name);
  const std::string* text = option == nullptr ? nullptr : std::get_if<std::string>(&option->value);
  if (text == nullptr) return {};
  return *text;
}

std::string ToString(const TextPosition& position) {
  return Concat({"line ", std::to_string(position.line), ", column ", std::to_string(position.column)});
}

}  // namespace inlet::sql
