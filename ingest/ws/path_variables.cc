// What a request's path has where a stream's path has variables: both are walked segment by segment.
#include "ingest/ws/path_variables.h"

#include <algorithm>

namespace inlet::ws {
namespace {

// Takes the slash and the segment behind it.
std::string_view TakeSegment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, std::min(path.find('/'), path.size()));
  path.remove_prefix(segment.size());
  return segment;
}

}  // namespace

bool IsVariableSegment(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::vector<ingest::PathVariable> ReadPathVariables(std::string_view pattern, std::string_view path) {
  std::vector<ingest::PathVariable> variables;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view name = TakeSegment(pattern);
    const std::string_view value = TakeSegment(path);
    if (IsVariableSegment(name)) variables.push_back({name.substr(1, name.size() - 2), value});
  }
  return variables;
}

}  // namespace inlet::ws
