// Which streams listen on which path: a tree of path segments.
#include "ingest/ws/endpoint_table.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <set>
#include <utility>
#include <variant>

#include "ingest/error.h"
#include "ingest/text.h"
#include "ingest/ws/path_variables.h"

namespace inlet::ws {

// Who has a path already, or will have.
struct EndpointTable::Holder {
  const std::string& stream;
  const std::string& path;
  const EndpointSettings& settings;
};

namespace {

using Holder = EndpointTable::Holder;

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

// Several streams may change at once, as with a conf key: both are named.
absl::Status Conflict(const Holder& holder, const Holder& wanted, const Setting& setting) {
  const std::string difference =
      setting.show == nullptr ? Concat({" with other ", setting.name, " than stream '", wanted.stream, "'"})
                              : Concat({" with ", setting.name, " ", setting.show(holder.settings), ", and stream '",
                                        wanted.stream, "' has ", setting.show(wanted.settings)});
  constexpr std::string_view kHint =
      ": streams that share a path must agree; take the same value (a conf key that both name changes it for both), or "
      "another path";
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   Concat({"stream '", holder.stream, "' listens on ", holder.path, difference, kHint}),
                   {"ENDPOINT_CONFLICT",
                    {{"path", holder.path}, {"stream", holder.stream}, {"setting", std::string(setting.name)}},
                    "",
                    {}});
}

absl::Status CheckAgreement(const Holder& holder, const Holder& wanted) {
  for (const Setting& setting : kSettings) {
    if (!setting.agrees(holder.settings, wanted.settings)) return Conflict(holder, wanted, setting);
  }
  return absl::OkStatus();
}

EndpointSettings SettingsOf(const ingest::StreamSpec& spec) {
  return {spec.max_message_bytes, spec.connection, std::get<ingest::ServerRole>(spec.role)};
}

// The same for paths that are the same.
std::string Canonical(std::string_view path) {
  std::string text;
  while (!path.empty()) {
    const auto [segment, rest] = Split(path);
    text += Concat({"/", IsVariableSegment(segment) ? "{}" : segment});
    path = rest;
  }
  return text;
}

}  // namespace

absl::StatusOr<Endpoint*> EndpointTable::Join(const ingest::StreamSpec& spec, ingest::SourceSink& sink) {
  EndpointSettings wanted = SettingsOf(spec);
  const std::string path = wanted.role.path;
  if (path.empty() || path.front() != '/') return FieldInvalid("stream.datasource", "a path begins with '/'");
  std::unique_ptr<Endpoint>& slot = FindOrAdd(root_, path).endpoint;
  if (!slot) {
    slot =
        std::make_unique<Endpoint>(Endpoint{path, std::make_shared<const EndpointSettings>(std::move(wanted)), {}, {}});
    ++size_;
  } else if (absl::Status agreed = CheckAgreement({slot->listening.front().stream, slot->path, *slot->settings},
                                                  {spec.name, path, wanted});
             !agreed.ok()) {
    return agreed;
  }
  slot->listening.push_back({&sink, spec.name, path});
  return slot.get();
}

Endpoint* EndpointTable::Take(const ingest::StreamSpec& spec, ingest::SourceSink& sink) {
  auto settings = std::make_shared<const EndpointSettings>(SettingsOf(spec));
  const std::string& path = settings->role.path;
  std::unique_ptr<Endpoint>& slot = FindOrAdd(root_, path).endpoint;
  if (!slot) {
    slot = std::make_unique<Endpoint>(Endpoint{path, nullptr, {}, {}});
    ++size_;
  }
  const auto own = std::find_if(slot->listening.begin(), slot->listening.end(),
                                [&sink](const Endpoint::Listening& one) { return one.sink == &sink; });
  if (own == slot->listening.end()) {
    slot->listening.push_back({&sink, spec.name, path});
  } else {
    own->path = path;
  }
  if (slot->listening.size() == 1) slot->path = path;
  slot->settings = std::move(settings);
  return slot.get();
}

absl::Status EndpointTable::CheckChanges(const std::vector<std::shared_ptr<const ingest::StreamSpec>>& specs) const {
  std::set<std::string_view> changing;
  for (const auto& spec : specs) changing.insert(spec->name);
  std::map<std::string, const ingest::StreamSpec*> first;  // by path
  for (const auto& spec : specs) {
    const auto* const role = std::get_if<ingest::ServerRole>(&spec->role);
    if (role == nullptr) continue;
    const EndpointSettings settings = SettingsOf(*spec);
    const Holder wanted{spec->name, role->path, settings};
    const auto [other, is_first] = first.try_emplace(Canonical(role->path), spec.get());
    absl::Status status = is_first
                              ? CheckOthers(changing, wanted)
                              : CheckAgreement({other->second->name, role->path, SettingsOf(*other->second)}, wanted);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status EndpointTable::CheckOthers(const std::set<std::string_view>& changing, const Holder& wanted) const {
  const Endpoint* const endpoint = FindExactly(root_, wanted.path);
  if (endpoint == nullptr) return absl::OkStatus();
  for (const Endpoint::Listening& one : endpoint->listening) {
    if (changing.contains(one.stream)) continue;
    return CheckAgreement({one.stream, endpoint->path, *endpoint->settings}, wanted);
  }
  return absl::OkStatus();
}

const Endpoint* EndpointTable::FindExactly(const Node& node, std::string_view path) {
  if (path.empty()) return node.endpoint.get();
  const auto [segment, rest] = Split(path);
  if (IsVariableSegment(segment)) return node.variable ? FindExactly(*node.variable, rest) : nullptr;
  const auto literal = node.literals.find(segment);
  return literal == node.literals.end() ? nullptr : FindExactly(*literal->second, rest);
}

void EndpointTable::Leave(Endpoint& endpoint, const ingest::SourceSink& sink) {
  std::erase_if(endpoint.listening, [&](const Endpoint::Listening& one) { return one.sink == &sink; });
  if (!endpoint.listening.empty()) return;
  assert(endpoint.sessions.empty());
  --size_;
  const std::string path = endpoint.path;  // it is freed on the way
  Remove(root_, path);
}

bool EndpointTable::SegmentLess::operator()(std::string_view a, std::string_view b) const {
  const auto shown = [](char c) { return c == '+' ? ' ' : c; };
  return std::ranges::lexicographical_compare(a, b, {}, shown, shown);
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
