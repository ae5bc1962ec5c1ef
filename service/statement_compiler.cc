// Compiles a CREATE STREAM statement into the definition that a caller could have sent as fields.
#include "service/statement_compiler.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <variant>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/settings_reader.h"
#include "service/sql/parser.h"
#include "service/sql/printer.h"

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

absl::Status NotBuilt(const sql::TextPosition& position, std::string_view message) {
  return At(position, NotImplemented("sql", message));
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
    if (!statement_.columns.empty()) {
      return NotBuilt(statement_.columns.front().position,
                      Concat({"schemas are not built yet: leave the parentheses after the name empty, as in ",
                              "CREATE STREAM ", statement_.name, " () ..., and records come as they are"}));
    }
    for (const sql::Option& option : statement_.options) {
      if (absl::Status status = Take(option); !status.ok()) return status;
    }
    stream().set_sql(hidden_.empty() ? std::string(text_) : sql::RewriteValues(text_, std::move(hidden_)));
    return std::move(compiled_);
  }

 private:
  v1::Stream& stream() { return compiled_.definition; }

  void Note(std::string_view field, const sql::TextPosition& position) {
    compiled_.places.emplace_back(field, sql::ToString(position));
  }

  absl::Status Take(const sql::Option& option) {
    switch (option.name) {
      case OptionName::kType:
        return CheckOnlyValue(option, "websocket");
      case OptionName::kFormat:
        return CheckOnlyValue(option, "json");
      case OptionName::kExtra:
        return TakeExtra(option);
      case OptionName::kTimestamp:
      case OptionName::kTimestampFormat:
      case OptionName::kStrictValidation:
        return CheckSchemaOption(option);
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
      case OptionName::kShared:
        return Warn("SHARED changes nothing: every stream is shared by all its subscribers");
      case OptionName::kKey:
        return Warn("KEY changes nothing: records are kept in the order of their arrival");
      default:
        return;
    }
  }

  void Warn(std::string_view text) { stream().add_warnings(std::string(text)); }

  // Settings of a schema: only what asks for nothing passes.
  static absl::Status CheckSchemaOption(const sql::Option& option) {
    const bool* strict = std::get_if<bool>(&option.value);
    if (strict != nullptr && !*strict) return absl::OkStatus();
    return NotBuilt(option.position,
                    Concat({sql::ToString(option.name), " is not built yet, as schemas are not: leave it out"}));
  }

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
                                  [&field](const auto& candidate) { return field.starts_with(candidate.first); });
  const absl::string_view raw = status.message();
  std::string message(raw);
  if (place != statement.places.end()) message = Concat({place->second, ": ", message});
  if (!field.empty()) detail.field = "sql";
  return MakeError(status.code(), message, detail);
}

}  // namespace inlet::service
