// Any text: the parser never crashes, an error stands within the text, and a good statement survives being printed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ingest/error.h"
#include "service/sql/limits.h"
#include "service/sql/parser.h"
#include "service/sql/printer.h"

namespace {

using inlet::sql::CreateStream;
using inlet::sql::Option;

void Require(bool condition) {
  if (!condition) std::abort();
}

size_t Number(const inlet::ErrorDetail& detail, std::string_view key) {
  for (const auto& [name, value] : detail.metadata) {
    if (name == key) return std::stoul(value);
  }
  return 0;
}

void CheckError(std::string_view text, const absl::Status& status) {
  const inlet::ErrorDetail detail = inlet::GetErrorDetail(status);
  Require(detail.reason == "SQL_SYNTAX" || detail.reason == "OPTION_UNKNOWN");
  size_t lines = 1;
  for (const char c : text) lines += c == '\n' ? 1U : 0U;
  const size_t line = Number(detail, "line");
  const size_t column = Number(detail, "column");
  Require(line >= 1 && line <= lines && column >= 1 && column <= text.size() + 1);
  Require(status.message().size() < 600);
}

void CheckSame(const CreateStream& a, const CreateStream& b) {
  Require(a.name == b.name && a.columns.size() == b.columns.size() && a.options.size() == b.options.size());
  for (size_t i = 0; i < a.columns.size(); ++i) {
    Require(a.columns[i].name == b.columns[i].name && a.columns[i].default_value == b.columns[i].default_value);
  }
  for (size_t i = 0; i < a.options.size(); ++i) {
    Require(a.options[i].name == b.options[i].name && a.options[i].value == b.options[i].value);
  }
  // Columns inside of types are compared by what they print.
  Require(inlet::sql::ToSql(a) == inlet::sql::ToSql(b));
}

void CheckStatement(std::string_view text, const CreateStream& statement) {
  const absl::StatusOr<CreateStream> again = inlet::sql::ParseCreateStream(inlet::sql::ToSql(statement));
  Require(again.ok());
  CheckSame(statement, *again);

  std::vector<std::pair<const Option*, std::string>> replacements;
  for (const Option& option : statement.options) {
    const std::string* value = std::get_if<std::string>(&option.value);
    if (value != nullptr) replacements.emplace_back(&option, *value);
  }
  const absl::StatusOr<CreateStream> rewritten =
      inlet::sql::ParseCreateStream(inlet::sql::RewriteValues(text, statement, replacements));
  Require(rewritten.ok());
  CheckSame(statement, *rewritten);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Printing may lengthen a statement, escaped characters twofold; a quarter leaves room below the parser's limit.
  if (size > inlet::sql::kLongestStatement / 4) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<CreateStream> statement = inlet::sql::ParseCreateStream(text);
  if (statement.ok()) {
    CheckStatement(text, *statement);
  } else {
    CheckError(text, statement.status());
  }
  return 0;
}
