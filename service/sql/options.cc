// The options of WITH: which there are, and what each one takes.
#include "service/sql/options.h"

#include <array>
#include <charconv>

#include "ingest/nearest.h"
#include "ingest/text.h"
#include "service/sql/sql_error.h"

namespace inlet::sql {
namespace {

constexpr std::array kOptions = {
    OptionName::kDatasource,
    OptionName::kType,
    OptionName::kFormat,
    OptionName::kConfKey,
    OptionName::kStrictValidation,
    OptionName::kTimestamp,
    OptionName::kTimestampFormat,
    OptionName::kExtra,
    OptionName::kRetainSize,
    OptionName::kShared,
    OptionName::kKey,
};
constexpr std::string_view kDatasourceAlias = "ENDPOINT";

struct Refused {
  std::string_view name;
  std::string_view why;
};

constexpr std::array kRefused = {
    Refused{"SCHEMAID",
            "it names a schema of the formats protobuf and custom, and Inlet reads json only; leave it out"},
    Refused{"DELIMITER", "it belongs to the format delimited, and Inlet reads json only; leave it out"},
    Refused{"VERSION", "streams have no version; leave it out"},
    Refused{"TEMP", "a stream lives until it is dropped; leave it out"},
    Refused{"KIND", "it belongs to tables, and Inlet has streams only; leave it out"},
};

absl::Status UnknownOption(const Token& word) {
  for (const Refused& refused : kRefused) {
    if (!SameWord(word.source, refused.name)) continue;
    return OptionUnknown(word.position, Concat({"the option ", refused.name, " has no meaning here: ", refused.why}),
                         refused.name, "");
  }
  std::vector<std::string_view> names{kDatasourceAlias};
  std::string list;
  for (const OptionName name : kOptions) {
    names.push_back(ToString(name));
    list += Concat({list.empty() ? "" : ", ", ToString(name)});
  }
  const std::string nearest = Nearest(word.source, names);
  const std::string hint = nearest.empty() ? Concat({"; the options are ", list}) : DidYouMean(nearest);
  return OptionUnknown(word.position, Concat({"unknown option ", Shown(word.source), hint}), word.source.substr(0, 64),
                       nearest);
}

bool TakesBool(OptionName name) { return name == OptionName::kStrictValidation || name == OptionName::kShared; }

absl::StatusOr<OptionValue> ReadBool(OptionName name, const Token& token) {
  const bool is_text = token.kind == TokenKind::kText;
  const std::string_view word = Content(token);
  if (is_text || token.kind == TokenKind::kWord) {
    if (SameWord(word, "TRUE")) return OptionValue(true);
    if (SameWord(word, "FALSE")) return OptionValue(false);
  }
  return Unexpected(token, Concat({"TRUE or FALSE as the value of ", ToString(name)}));
}

absl::StatusOr<OptionValue> ReadCount(OptionName name, const Token& token) {
  uint64_t count = 0;
  const char* end = token.value.data() + token.value.size();
  const auto [stopped, error] = std::from_chars(token.value.data(), end, count);
  if (!token.value.empty() && stopped == end && error == std::errc()) return OptionValue(count);
  return Unexpected(token, Concat({"a number of records (not bytes) in quotes as the value of ", ToString(name)}));
}

bool LooksLikeObject(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t first = text.find_first_not_of(kSpace);
  return first != std::string_view::npos && text[first] == '{' && text[text.find_last_not_of(kSpace)] == '}';
}

// Written without quotes, or as TRUE where a text is wanted.
absl::Status NotText(OptionName name, const Token& token) {
  const std::string_view option = ToString(name);
  const bool can_be_quoted = token.kind == TokenKind::kNumber || token.kind == TokenKind::kWord;
  if (!can_be_quoted) return Unexpected(token, Concat({"a text in quotes as the value of ", option}));
  const std::string quoted = Shown(token.source);
  return Unexpected(token, Concat({"a text in quotes; write ", option, "=", quoted}));
}

}  // namespace

absl::StatusOr<OptionName> FindOptionName(const Token& word) {
  if (SameWord(word.source, kDatasourceAlias)) return OptionName::kDatasource;
  for (const OptionName name : kOptions) {
    if (SameWord(word.source, ToString(name))) return name;
  }
  return UnknownOption(word);
}

absl::StatusOr<OptionValue> ReadOptionValue(OptionName name, const Token& token) {
  if (TakesBool(name)) return ReadBool(name, token);
  if (token.kind != TokenKind::kText) return NotText(name, token);
  if (name == OptionName::kRetainSize) return ReadCount(name, token);
  if (name == OptionName::kExtra && !LooksLikeObject(token.value)) {
    // What was found is not shown: it may hold a secret.
    return SyntaxError(token.position,
                       R"(EXTRA is not a JSON object of settings, such as EXTRA='{"maxMessageBytes": 65536}')");
  }
  return OptionValue(token.value);
}

}  // namespace inlet::sql
