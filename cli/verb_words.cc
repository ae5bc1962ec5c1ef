// Finds the verb among the arguments and brings the forms of SQL that a shell passes into one shape.
#include "cli/verb_words.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "cli/words.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

constexpr std::array kOptionsWithValue = {
    std::string_view("--address"),
    std::string_view("--timeout"),
    std::string_view("--file"),
    std::string_view("-f"),
    std::string_view("--name"),
    std::string_view("--datasource"),
    std::string_view("--conf-key"),
    std::string_view("--from"),
    std::string_view("--max"),
    std::string_view("--view"),
    std::string_view("--output"),
    std::string_view("--stream"),
    std::string_view("--wait-for-message"),
    std::string_view("--state"),
    std::string_view("--label"),
    std::string_view("--etag"),
    std::string_view("--to"),
    std::string_view("--where"),
    std::string_view("--code"),
    std::string_view("--reason"),
    std::string_view("--set"),
    std::string_view("--clear"),
    std::string_view("--from-file"),
    std::string_view("--prune"),
    std::string_view("-o"),
};

struct Split {
  std::vector<std::string> words;
  std::vector<std::string> options;
};

bool TakesValue(std::string_view option) {
  return std::find(kOptionsWithValue.begin(), kOptionsWithValue.end(), option) != kOptionsWithValue.end();
}

// A word is what is no option and no option's value. `-` alone is a word; after `--` all are.
Split SplitOptions(std::vector<std::string> arguments) {
  Split split;
  bool only_words = false;
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::string& argument = arguments[i];
    const bool is_option = !only_words && argument.size() > 1 && argument[0] == '-';
    if (argument == "--" && !only_words) {
      only_words = true;
    } else if (!is_option) {
      split.words.push_back(std::move(argument));
    } else {
      const bool has_value = TakesValue(argument) && i + 1 < arguments.size();
      split.options.push_back(std::move(argument));
      if (has_value) split.options.push_back(std::move(arguments[++i]));
    }
  }
  return split;
}

std::string Join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += Concat({text.empty() ? "" : " ", word});
  return text;
}

// `"DROP STREAM demo"` as one argument is three words; a statement to create stays whole, its spaces matter.
void SplitQuotedStatement(std::vector<std::string>& words) {
  std::vector<std::string> parts = SplitWords(words.front());
  if (parts.size() < 2) return;
  if (SameWord(parts.front(), "create")) {
    words = {"create", Join(words)};
    return;
  }
  words.erase(words.begin());
  words.insert(words.begin(), parts.begin(), parts.end());
}

void JoinStatement(std::vector<std::string>& words) {
  if (words.empty()) return;
  if (SameWord(words.front(), "stream")) words.insert(words.begin(), "CREATE");
  words = {Join(words)};
}

void DropSemicolon(std::vector<std::string>& words) {
  if (!words.empty() && words.back().ends_with(';')) words.back().pop_back();
  if (!words.empty() && words.back().empty()) words.pop_back();
}

void DropWordStream(std::vector<std::string>& words) {
  if (words.size() > 1 && SameWord(words.front(), "stream")) words.erase(words.begin());
}

// What the dialect says, and what fingers type.
std::string WithoutAlias(const std::string& verb) {
  if (verb == "describe" || verb == "get") return "show";
  if (verb == "delete" || verb == "rm") return "drop";
  return verb == "ls" ? "list" : verb;
}

std::string Canonical(const std::string& verb, std::vector<std::string>& words) {
  if (verb == "create") {
    JoinStatement(words);
    return verb;
  }
  if (verb == "send" || verb == "conf-key") return verb;  // texts and values stay as they are
  DropSemicolon(words);
  if (verb == "show" && words.size() == 1 && SameWord(words.front(), "streams")) {
    words.clear();
    return "list";
  }
  if (verb == "list" && words.size() == 1 && SameWord(words.front(), "streams")) words.clear();
  constexpr std::array<std::string_view, 7> kOfStreams = {"update", "show",   "drop",     "subscribe",
                                                          "pause",  "resume", "reconnect"};
  if (std::find(kOfStreams.begin(), kOfStreams.end(), verb) != kOfStreams.end()) DropWordStream(words);
  return verb;
}

}  // namespace

VerbWords FindVerb(std::vector<std::string> arguments) {
  Split split = SplitOptions(std::move(arguments));
  VerbWords found;
  found.rest = std::move(split.options);
  if (split.words.empty()) return found;
  SplitQuotedStatement(split.words);
  const std::string verb = WithoutAlias(LowerCase(split.words.front()));
  split.words.erase(split.words.begin());
  found.verb = Canonical(verb, split.words);
  // Behind `--` nothing is taken for an option any more.
  if (!split.words.empty()) found.rest.emplace_back("--");
  found.rest.insert(found.rest.end(), split.words.begin(), split.words.end());
  return found;
}

}  // namespace inlet::cli
