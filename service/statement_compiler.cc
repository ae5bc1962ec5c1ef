// Compiles a CREATE STREAM statement into the definition that a caller could have sent as fields.
#include "service/statement_compiler.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <variant>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/column_default.h"
#include "service/config/settings_reader.h"
#include "service/sql/parser.h"
#include "service/sql/printer.h"
#include "service/sql/sql_error.h"

namespace inlet::service {
namespace {

using sql::OptionName;

bool EqualIgnoringCase(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

const std::string& Text(const sql::Option& option) { return std::get<std::string>(option.value); }

absl::Status At(const sql::TextPosition& position, const absl::Status& status) {
  return AddContext(status, sql::ToString(position));
}

// Whether `field` is what `path` names, or within it.
bool IsWithin(std::string_view field, std::string_view path) {
  if (!field.starts_with(path)) return false;
  return field.size() == path.size() || field[path.size()] == '.' || field[path.size()] == '[';
}

// TYPE and FORMAT know one value each.
absl::Status CheckOnlyValue(const sql::Option& option, std::string_view known) {
  if (EqualIgnoringCase(Text(option), known)) return absl::OkStatus();
  const std::string_view name = sql::ToString(option.name);
  const absl::Status error =
      MakeError(absl::StatusCode::kInvalidArgument,
                Concat({name, " ", sql::Quote(Text(option)), " is not known: the only value is ", sql::Quote(known)}),
                {"OPTION_UNKNOWN", {{"option", std::string(name)}, {"nearest", std::string(known)}}, "sql", {}});
  return At(option.value_position, error);
}

class Compiler {
 public:
  Compiler(std::string_view text, const sql::CreateStream& statement, const config::QueryNames& shown_query)
      : text_(text), statement_(statement), shown_query_(shown_query) {}

  absl::StatusOr<CompiledStatement> Compile() {
    stream().set_name(statement_.name);
    Note("stream.name", statement_.name_position);
    for (const sql::Column& column : statement_.columns) TakeColumn(column);
    for (const sql::Option& option : statement_.options) {
      if (absl::Status status = Take(option); !status.ok()) return status;
    }
    stream().set_sql(sql::RewriteValues(text_, statement_, hidden_));
    return std::move(compiled_);
  }

 private:
  v1::Stream& stream() { return compiled_.definition; }

  void Note(std::string_view field, const sql::TextPosition& position, std::string_view spelling = {}) {
    compiled_.places.push_back({std::string(field), sql::ToString(position), std::string(spelling)});
  }

  void TakeColumn(const sql::Column& column) {
    v1::Schema& schema = *stream().mutable_schema();
    const std::string index = std::to_string(schema.columns_size());
    v1::Column& taken = *schema.add_columns();
    taken.set_name(column.name);
    taken.set_type(sql::ToSql(column.type));
    if (column.default_value) *taken.mutable_default_value() = ToValue(*column.default_value);
    Note(Concat({"stream.schema.columns[", index, "]"}), column.position, Concat({"column ", sql::Shown(column.name)}));
  }

  absl::Status Take(const sql::Option& option) {
    switch (option.name) {
      case OptionName::kType:
        return CheckOnlyValue(option, "websocket");
      case OptionName::kFormat:
        return CheckOnlyValue(option, "json");
      case OptionName::kExtra:
        return TakeExtra(option);
      default:
        TakeValue(option);
        return absl::OkStatus();
    }
  }

  void TakeValue(const sql::Option& option) {
    switch (option.name) {
      case OptionName::kDatasource:
        stream().set_datasource(Text(option));
        Hide(option, config::RedactUrl(Text(option), shown_query_));
        return Note("stream.datasource", option.value_position);
      case OptionName::kConfKey:
        stream().set_conf_key(Text(option));
        return Note("stream.confKey", option.value_position);
      case OptionName::kRetainSize:
        stream().mutable_retention()->set_max_records(std::get<uint64_t>(option.value));
        return Note("stream.retention", option.value_position);
      case OptionName::kStrictValidation:
        // FALSE is what it is without the option.
        if (std::get<bool>(option.value)) stream().mutable_schema()->set_strict(true);
        return;
      case OptionName::kTimestamp:
        stream().mutable_schema()->set_timestamp(Text(option));
        return Note("stream.schema.timestamp", option.value_position, sql::ToString(option.name));
      case OptionName::kTimestampFormat:
        stream().mutable_schema()->set_timestamp_format(Text(option));
        return Note("stream.schema.timestampFormat", option.value_position, sql::ToString(option.name));
      case OptionName::kShared:
        return Warn("SHARED changes nothing: every stream is shared by all its subscribers");
      case OptionName::kKey:
        return Warn("KEY changes nothing: records are kept in the order of their arrival");
      default:
        return;
    }
  }

  void Warn(std::string_view text) { stream().add_warnings(std::string(text)); }

  absl::Status TakeExtra(const sql::Option& option) {
    absl::StatusOr<v1::SourceSettings> settings = config::SettingsFromJson(Text(option));
    if (!settings.ok()) return At(option.value_position, settings.status());
    *stream().mutable_settings() = *std::move(settings);
    Note("EXTRA", option.value_position);
    Hide(option, config::RedactExtra(Text(option)));
    return absl::OkStatus();
  }

  // What is shown instead of the option's value.
  void Hide(const sql::Option& option, std::string shown) {
    if (shown != Text(option)) hidden_.emplace_back(&option, std::move(shown));
  }

  const std::string_view text_;
  const sql::CreateStream& statement_;
  const config::QueryNames& shown_query_;
  std::vector<std::pair<const sql::Option*, std::string>> hidden_;
  CompiledStatement compiled_;
};

}  // namespace

absl::StatusOr<CompiledStatement> CompileStatement(std::string_view text, const config::QueryNames& shown_query) {
  const absl::StatusOr<sql::CreateStream> statement = sql::ParseCreateStream(text);
  if (!statement.ok()) return statement.status();
  return Compiler(text, *statement, shown_query).Compile();
}

absl::Status AtPlace(const absl::Status& status, const CompiledStatement& statement) {
  ErrorDetail detail = GetErrorDetail(status);
  const std::string field = detail.reason == "CONF_KEY_UNKNOWN" ? "stream.confKey" : detail.field;
  const auto place = std::find_if(statement.places.begin(), statement.places.end(),
                                  [&field](const auto& candidate) { return IsWithin(field, candidate.field); });
  const absl::string_view raw = status.message();
  std::string message(raw);
  if (place != statement.places.end()) {
    if (!place->spelling.empty() && message.starts_with(field)) message.replace(0, field.size(), place->spelling);
    message = Concat({place->position, ": ", message});
  }
  if (!field.empty()) detail.field = "sql";
  return MakeError(status.code(), message, detail);
}

}  // namespace inlet::service
