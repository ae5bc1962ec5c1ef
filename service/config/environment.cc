// Which setting an environment variable overrides.
#include "service/config/environment.h"

#include <algorithm>
#include <array>
#include <map>

#include "ingest/text.h"
#include "service/config/names.h"
#include "service/config/value.h"

namespace inlet::config {
namespace {

constexpr std::string_view kSeparator = "__";

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

// "INLET__STREAMS__RETENTION__", which the names of its variables begin with.
std::string PrefixOf(const EnvironmentSection& section) {
  std::string prefix = Concat({section.file, kSeparator});
  if (section.name.empty()) return Upper(prefix);
  for (const char c : section.name) c == '.' ? prefix += kSeparator : prefix += c;
  return Upper(Concat({prefix, kSeparator}));
}

bool Begins(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && EqualIgnoringCase(text.substr(0, prefix.size()), prefix);
}

bool IsOurs(std::string_view variable, const std::vector<EnvironmentSection>& sections) {
  return std::any_of(sections.begin(), sections.end(), [variable](const EnvironmentSection& section) {
    return Begins(variable, Concat({section.file, kSeparator}));
  });
}

// Empty if the variable names no key of the section.
std::string_view FindKey(std::string_view variable, const EnvironmentSection& section) {
  const std::string prefix = PrefixOf(section);
  if (!Begins(variable, prefix)) return {};
  const std::string_view wanted = variable.substr(prefix.size());
  for (const std::string_view key : section.keys) {
    if (EqualIgnoringCase(wanted, key) || EqualIgnoringCase(wanted, SnakeCase(key))) return key;
  }
  return {};
}

// What could have been meant. Bounded: there may be many conf keys, and each has all the keys.
absl::Status UnknownVariable(std::string_view variable, const std::vector<EnvironmentSection>& sections) {
  constexpr size_t kMostNames = 1'000;
  std::vector<std::string> names;
  for (const EnvironmentSection& section : sections) {
    const bool is_same_file = Begins(variable, Concat({section.file, kSeparator}));
    if (!is_same_file || names.size() > kMostNames) continue;
    for (const std::string_view key : section.keys) names.push_back(Concat({PrefixOf(section), Upper(key)}));
  }
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  return UnknownKey("environment variable", "", variable, candidates);
}

absl::Status FitsTwo(std::string_view variable, const EnvironmentSection& one, const EnvironmentSection& other) {
  return ValueError(
      Concat({"environment variable ", variable}), "",
      Concat({"fits both the section ", one.name, " and the section ", other.name, ", rename one of them"}));
}

absl::StatusOr<Override> Resolve(const std::pair<std::string, std::string>& variable,
                                 const std::vector<EnvironmentSection>& sections) {
  Override found;
  for (size_t i = 0; i < sections.size(); ++i) {
    const std::string_view key = FindKey(variable.first, sections[i]);
    if (key.empty()) continue;
    if (!found.key.empty()) return FitsTwo(variable.first, sections[found.section], sections[i]);
    found = {variable.first, variable.second, i, key};
  }
  if (found.key.empty()) return UnknownVariable(variable.first, sections);
  return found;
}

}  // namespace

std::string_view HintForIgnored(std::string_view variable) {
  if (Begins(variable, "KUIPER__SOURCE__")) {
    return "what is KUIPER__SOURCE__ there is WEBSOCKET__SOURCE__ here (docs/from-ekuiper.md)";
  }
  if (Begins(variable, "KUIPER__")) return "docs/from-ekuiper.md says what takes its place here";
  constexpr std::array<std::string_view, 12> kBegins = {"INLET_GRPC_",        "INLET_LOG_",     "INLET_SHUTDOWN_",
                                                        "INLET_STREAMS_",     "INLET_SECRETS_", "INLET_CERTIFICATES_",
                                                        "INLET_EGRESS_",      "INLET_REDACT_",  "WEBSOCKET_SOURCE_",
                                                        "WEBSOCKET_DEFAULT_", "INLET_DATA_DIR", "INLET_DATADIR"};
  const bool is_near_miss = std::any_of(kBegins.begin(), kBegins.end(),
                                        [variable](std::string_view begin) { return Begins(variable, begin); });
  return is_near_miss ? "write two underscores between the parts, as in INLET__GRPC__ADDRESS" : "";
}

absl::StatusOr<std::vector<Override>> ResolveEnvironment(
    const std::vector<std::pair<std::string, std::string>>& environment,
    const std::vector<EnvironmentSection>& sections) {
  std::map<std::pair<size_t, std::string_view>, Override> overrides;
  for (const auto& variable : environment) {
    if (!IsOurs(variable.first, sections)) continue;
    auto resolved = Resolve(variable, sections);
    if (!resolved.ok()) return resolved.status();
    const auto [entry, is_new] = overrides.emplace(std::pair(resolved->section, resolved->key), *resolved);
    if (!is_new) {
      return ValueError(Concat({"environment variables ", entry->second.variable, " and ", variable.first}), "",
                        "both name the same setting; keep one of them");
    }
  }
  std::vector<Override> ordered;
  ordered.reserve(overrides.size());
  for (auto& [target, found] : overrides) ordered.push_back(std::move(found));
  return ordered;
}

}  // namespace inlet::config
