// Judges the path that a stream listens on.
#include "service/config/datasource_path.h"

#include <algorithm>
#include <set>
#include <string>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/names.h"
#include "service/config/redact.h"

namespace inlet::config {
namespace {

constexpr size_t kLongestPath = 1024;

bool IsVariableStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool IsVariableName(std::string_view name) {
  const auto is_allowed = [](char c) { return IsVariableStart(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && IsVariableStart(name.front()) && std::all_of(name.begin(), name.end(), is_allowed);
}

// What is wrong with the bytes of the whole path; empty if nothing is.
std::string CharacterProblem(std::string_view path) {
  if (path.size() > kLongestPath) return "is longer than 1024 bytes";
  if (path.find('?') != std::string_view::npos) {
    return "has a query string; a path that peers connect to is matched without one: leave out all from the ? on, or "
           "set addr if "
           "Inlet is to dial";
  }
  if (path.find('#') != std::string_view::npos) return "has a fragment: leave out all from the # on";
  if (path.find('%') != std::string_view::npos) return "has a %; percent-encoding is not supported in a path";
  const bool is_visible = std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  return is_visible ? std::string() : "may hold visible ASCII characters only, without spaces";
}

// What is wrong with one segment. `variables` are the names that earlier segments took.
std::string SegmentProblem(std::string_view segment, std::set<std::string_view>& variables) {
  if (segment.empty()) return "has an empty segment: write no // and no / at the end";
  if (segment == "." || segment == "..") return "must not hold the segments . and ..";
  if (segment.find_first_of("{}") == std::string_view::npos) return {};
  const bool is_wrapped = segment.size() > 2 && segment.starts_with('{') && segment.ends_with('}');
  const std::string_view name = is_wrapped ? segment.substr(1, segment.size() - 2) : std::string_view();
  if (!IsVariableName(name)) {
    return "has braces that are no variable: a variable is a whole segment, such as /devices/{id}, and its name is "
           "letters, "
           "digits and _";
  }
  return variables.insert(name).second ? std::string() : Concat({"has the variable {", name, "} twice"});
}

std::string SegmentsProblem(std::string_view path) {
  if (path == "/") return {};
  std::set<std::string_view> variables;
  size_t begin = 1;
  while (begin <= path.size()) {
    const size_t end = std::min(path.find('/', begin), path.size());
    std::string problem = SegmentProblem(path.substr(begin, end - begin), variables);
    if (!problem.empty()) return problem;
    begin = end + 1;
  }
  return {};
}

std::string PathProblem(std::string_view path) {
  if (!path.starts_with('/')) {
    return R"(must begin with "/", such as /api/data, or be the ws:// or wss:// URL of a server that Inlet is to dial)";
  }
  std::string problem = CharacterProblem(path);
  return problem.empty() ? SegmentsProblem(path) : problem;
}

}  // namespace

absl::Status CheckDatasource(std::string_view path, std::string_view field) {
  const std::string problem = PathProblem(path);
  return problem.empty() ? absl::OkStatus()
                         : FieldInvalid(field, Concat({field, ": ", Shown(RedactUrl(path, {})), " ", problem}));
}

}  // namespace inlet::config
