// Which streams listen on which path: a tree of path segments.
#include "ingest/ws/endpoint_table.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>
#include <variant>

#include "ingest/error.h"
#include "ingest/text.h"
#include "ingest/ws/path_variables.h"

namespace inlet::ws {
namespace {

// "/a/b" is the segment "a" and the rest "/b"; the rest of the last segment is empty.
std::pair<std::string_view, std::string_view> Split(std::string_view path) {
  path.remove_prefix(1);
  const size_t slash = std::min(path.find('/'), path.size());
  return {path.substr(0, slash), path.substr(slash)};
}

// One of the settings that must agree.
struct Setting {
  std::string_view name;
  bool (*agrees)(const EndpointSettings& a, const EndpointSettings& b);
  std::string (*show)(const EndpointSettings& settings);  // null: not for other eyes, or too long
};

std::string Milliseconds(std::chrono::milliseconds duration) {
  return Concat({std::to_string(duration.count()), "ms"});
}

constexpr std::array kSettings{
    Setting{"maxMessageBytes", [](const auto& a, const auto& b) { return a.max_message_bytes == b.max_message_bytes; },
            [](const auto& one) { return std::to_string(one.max_message_bytes); }},
    Setting{"pingInterval",
            [](const auto& a, const auto& b) { return a.connection.ping_interval == b.connection.ping_interval; },
            [](const auto& one) { return Milliseconds(one.connection.ping_interval); }},
    Setting{"idleTimeout",
            [](const auto& a, const auto& b) { return a.connection.idle_timeout == b.connection.idle_timeout; },
            [](const auto& one) { return Milliseconds(one.connection.idle_timeout); }},
    Setting{"subprotocols",
            [](const auto& a, const auto& b) { return a.connection.subprotocols == b.connection.subprotocols; },
            nullptr},
    Setting{"bearerTokens", [](const auto& a, const auto& b) { return a.role.bearer_tokens == b.role.bearer_tokens; },
            nullptr},
    Setting{"allowedOrigins",
            [](const auto& a, const auto& b) { return a.role.allowed_origins == b.role.allowed_origins; }, nullptr},
    Setting{"maxConnections",
            [](const auto& a, const auto& b) { return a.role.max_connections == b.role.max_connections; },
            [](const auto& one) { return std::to_string(one.role.max_connections); }},
};

absl::Status Conflict(const Endpoint& endpoint, const EndpointSettings& wanted, const Setting& setting) {
  const std::string& other = endpoint.listening.front().stream;
  const std::string difference = setting.show == nullptr
                                     ? Concat({" with other ", setting.name, " than this one"})
                                     : Concat({" with ", setting.name, " ", setting.show(endpoint.settings),
                                               ", this one has ", setting.show(wanted)});
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   Concat({"stream '", other, "' listens on ", endpoint.path, difference,
                           ": streams that share a path must agree; take the same value, or another path"}),
                   {"ENDPOINT_CONFLICT",
                    {{"path", endpoint.path}, {"stream", other}, {"setting", std::string(setting.name)}},
                    "",
                    {}});
}

absl::Status CheckAgreement(const Endpoint& endpoint, const EndpointSettings& wanted) {
  for (const Setting& setting : kSettings) {
    if (!setting.agrees(endpoint.settings, wanted)) return Conflict(endpoint, wanted, setting);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Endpoint*> EndpointTable::Join(const ingest::StreamSpec& spec, ingest::SourceSink& sink) {
  const EndpointSettings wanted{spec.max_message_bytes, spec.connection, std::get<ingest::ServerRole>(spec.role)};
  const std::string& path = wanted.role.path;
  if (path.empty() || path.front() != '/') return FieldInvalid("stream.datasource", "a path begins with '/'");
  std::unique_ptr<Endpoint>& slot = FindOrAdd(root_, path).endpoint;
  if (!slot) {
    slot = std::make_unique<Endpoint>(Endpoint{path, wanted, {}, {}});
    ++size_;
  } else if (absl::Status agreed = CheckAgreement(*slot, wanted); !agreed.ok()) {
    return agreed;
  }
  slot->listening.push_back({&sink, spec.name, path});
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
  std::unique_ptr<Node>& child = IsVariableSegment(segment) ? node.variable : node.literals[std::string(segment)];
  if (!child) child = std::make_unique<Node>();
  return FindOrAdd(*child, tail);
}

void EndpointTable::Remove(Node& node, std::string_view rest) {
  if (rest.empty()) {
    node.endpoint.reset();
    return;
  }
  const auto [segment, tail] = Split(rest);
  if (IsVariableSegment(segment)) {
    Remove(*node.variable, tail);
    if (node.variable->empty()) node.variable.reset();
    return;
  }
  const auto literal = node.literals.find(segment);
  Remove(*literal->second, tail);
  if (literal->second->empty()) node.literals.erase(literal);
}

}  // namespace inlet::ws
