// Which streams listen on which path: a tree of path segments.
#include "ingest/ws/endpoint_table.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

#include "ingest/error.h"
#include "ingest/text.h"

namespace inlet::ws {
namespace {

bool IsVariable(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

// "/a/b" is the segment "a" and the rest "/b"; the rest of the last segment is empty.
std::pair<std::string_view, std::string_view> Split(std::string_view path) {
  path.remove_prefix(1);
  const size_t slash = std::min(path.find('/'), path.size());
  return {path.substr(0, slash), path.substr(slash)};
}

absl::Status Conflict(const Endpoint& endpoint, const ingest::StreamSpec& spec) {
  const std::string& other = endpoint.listening.front().stream;
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      Concat({"stream '", other, "' listens on ", endpoint.path, " with maxMessageBytes ",
              std::to_string(endpoint.max_message_bytes), ", this one has ", std::to_string(spec.max_message_bytes),
              ": streams that share a path must agree; take the same value, or another path"}),
      {"ENDPOINT_CONFLICT", {{"path", endpoint.path}, {"stream", other}, {"setting", "maxMessageBytes"}}, "", {}});
}

}  // namespace

absl::StatusOr<Endpoint*> EndpointTable::Join(const ingest::StreamSpec& spec, ingest::SourceSink& sink) {
  const std::string& path = std::get<ingest::ServerRole>(spec.role).path;
  if (path.empty() || path.front() != '/') return FieldInvalid("stream.datasource", "a path begins with '/'");
  std::unique_ptr<Endpoint>& slot = FindOrAdd(root_, path).endpoint;
  if (!slot) {
    slot = std::make_unique<Endpoint>(Endpoint{path, spec.max_message_bytes, {}, {}});
    ++size_;
  } else if (slot->max_message_bytes != spec.max_message_bytes) {
    return Conflict(*slot, spec);
  }
  slot->listening.push_back({&sink, spec.name});
  return slot.get();
}

void EndpointTable::Leave(Endpoint& endpoint, const ingest::SourceSink& sink) {
  std::erase_if(endpoint.listening, [&](const Endpoint::Listening& one) { return one.sink == &sink; });
  if (!endpoint.listening.empty()) return;
  assert(endpoint.sessions.empty());
  --size_;
  const std::string path = endpoint.path;  // it is freed on the way
  Remove(root_, path);
}

Endpoint* EndpointTable::Match(std::string_view path) const {
  return path.empty() || path.front() != '/' ? nullptr : Find(root_, path);
}

Endpoint* EndpointTable::Find(const Node& node, std::string_view rest) {
  if (rest.empty()) return node.endpoint.get();
  const auto [segment, tail] = Split(rest);
  if (const auto literal = node.literals.find(segment); literal != node.literals.end()) {
    if (Endpoint* found = Find(*literal->second, tail)) return found;
  }
  return node.variable && !segment.empty() ? Find(*node.variable, tail) : nullptr;
}

EndpointTable::Node& EndpointTable::FindOrAdd(Node& node, std::string_view rest) {
  if (rest.empty()) return node;
  const auto [segment, tail] = Split(rest);
  std::unique_ptr<Node>& child = IsVariable(segment) ? node.variable : node.literals[std::string(segment)];
  if (!child) child = std::make_unique<Node>();
  return FindOrAdd(*child, tail);
}

void EndpointTable::Remove(Node& node, std::string_view rest) {
  if (rest.empty()) {
    node.endpoint.reset();
    return;
  }
  const auto [segment, tail] = Split(rest);
  if (IsVariable(segment)) {
    Remove(*node.variable, tail);
    if (node.variable->empty()) node.variable.reset();
    return;
  }
  const auto literal = node.literals.find(segment);
  Remove(*literal->second, tail);
  if (literal->second->empty()) node.literals.erase(literal);
}

}  // namespace inlet::ws
