// Values of options that several verbs read.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <string_view>

#include "cli/verb_arguments.h"
#include "cli/words.h"
#include "ingest/nearest.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

// As people type them; the zero value is none.
std::vector<std::string> StateNames() {
  std::vector<std::string> names;
  const auto* states = v1::StreamStatus::State_descriptor();
  for (int i = 1; i < states->value_count(); ++i) names.push_back(LowerCase(states->value(i)->name()));
  return names;
}

v1::StreamStatus::State ParseState(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  v1::StreamStatus::State state{};
  if (v1::StreamStatus::State_Parse(word, &state) && state != v1::StreamStatus::STATE_UNSPECIFIED) return state;
  const std::vector<std::string> names = StateNames();
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  std::string all;
  for (const std::string& name : names) all += Concat({all.empty() ? "" : ", ", name});
  throw CLI::ValidationError(Concat({"--state: there is no state \"", LowerCase(word), "\"",
                                     DidYouMean(Nearest(LowerCase(word), candidates)), "; the states are ", all}));
}

}  // namespace

Pairs ParsePairs(const std::string& option, const std::vector<std::string>& texts) {
  Pairs pairs;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw CLI::ValidationError(Concat({option, ": found \"", text, "\"; give KEY=VALUE"}));
    }
    const std::string key = text.substr(0, equals);
    if (!pairs.emplace(key, text.substr(equals + 1)).second) {
      throw CLI::ValidationError(Concat({option, ": ", key, " is given twice"}));
    }
  }
  return pairs;
}

std::vector<v1::StreamStatus::State> ParseStates(const std::string& text) {
  std::vector<v1::StreamStatus::State> states;
  size_t begin = 0;
  while (begin <= text.size()) {
    const size_t end = std::min(text.find(',', begin), text.size());
    states.push_back(ParseState(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return states;
}

uint64_t ParseNumber(const std::string& option, const std::string& text, uint64_t most) {
  uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (!text.empty() && stopped == end && error == std::errc() && number <= most) return number;
  throw CLI::ValidationError(
      Concat({option, ": found \"", text, "\"; give a number from 0 to ", std::to_string(most)}));
}

}  // namespace inlet::cli
