// Reads definitions of streams and conf keys from YAML.
#include "service/config/definition_reader.h"

#include <map>
#include <utility>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/conf_keys.h"
#include "service/config/message_reader.h"
#include "service/config/names.h"
#include "service/config/scalars.h"
#include "service/config/settings_reader.h"
#include "service/config/yaml_text.h"

namespace inlet::config {
namespace {

constexpr TextBounds kBounds{kMaxDefinitionBytes, 1U << 21};
constexpr std::string_view kStreams = "streams";
constexpr std::string_view kConfKeys = "confKeys";

// What Stream says on output only; `sql` stands for a whole definition here.
const std::vector<std::string_view>& OutputOnly() {
  static const std::vector<std::string_view> names = {"status", "create_time", "update_time",        "etag",
                                                      "sql",    "role",        "effective_settings", "warnings"};
  return names;
}

const Value* FindSql(const Value& value) {
  for (const Member& member : value.members) {
    if (member.key == "sql") return &member.value;
  }
  return nullptr;
}

absl::Status ReadSql(const Spot& spot, const Value& value, const Value& sql, v1::CreateStreamRequest& request) {
  if (value.members.size() > 1) {
    return ValueError(Place(spot.source, value.line), spot.key,
                      "sql says all that a stream is: leave the other keys out, or sql");
  }
  auto text = ReadText({spot.source, JoinPath(spot.key, "sql")}, sql);
  if (text.ok()) request.set_sql(*text);
  return text.status();
}

absl::StatusOr<DefinedStream> ReadDefinedStream(const Spot& spot, const Value& value) {
  DefinedStream stream;
  stream.place = Place(spot.source, value.line);
  const Value* const sql = FindSql(value);
  if (sql != nullptr) {
    absl::Status status = ReadSql(spot, value, *sql, stream.request);
    if (!status.ok()) return status;
    return stream;
  }
  absl::Status status = ReadMessage(spot, value, OutputOnly(), *stream.request.mutable_stream());
  if (!status.ok()) return status;
  if (stream.request.stream().name().empty()) {
    return ValueError(stream.place, spot.key, "a stream needs a name, or sql: CREATE STREAM ...");
  }
  return stream;
}

absl::StatusOr<DefinedConfKey> ReadDefinedConfKey(std::string_view source, const Member& member) {
  const std::string place = Place(source, member.line);
  if (absl::Status name = CheckConfKeyName(member.key); !name.ok()) return AddContext(name, place);
  auto settings = SettingsFromValue(source, JoinPath(kConfKeys, member.key), member.value, Placeholder::kTaken);
  if (!settings.ok()) return settings.status();
  return DefinedConfKey{member.key, *std::move(settings), place};
}

absl::StatusOr<std::vector<DefinedConfKey>> ReadConfKeys(std::string_view source, const Value& value) {
  std::vector<DefinedConfKey> conf_keys;
  if (value.kind == Value::Kind::kNull) return conf_keys;
  if (value.kind != Value::Kind::kMap) {
    return WrongShape({source, std::string(kConfKeys)}, value, "a map of names and settings");
  }
  for (const Member& member : value.members) {
    auto conf_key = ReadDefinedConfKey(source, member);
    if (!conf_key.ok()) return conf_key.status();
    conf_keys.push_back(*std::move(conf_key));
  }
  return conf_keys;
}

bool IsConfKeys(std::string_view key) { return key == kConfKeys || key == SnakeCase(kConfKeys); }

absl::Status ReadSection(std::string_view source, const Member& member, Definitions& definitions) {
  if (member.key == kStreams) {
    auto streams = ReadDefinedStreams(source, kStreams, member.value);
    if (streams.ok()) definitions.streams = *streams;
    return streams.status();
  }
  if (!IsConfKeys(member.key)) return UnknownKey(Place(source, member.line), "", member.key, {kStreams, kConfKeys});
  auto conf_keys = ReadConfKeys(source, member.value);
  if (conf_keys.ok()) definitions.conf_keys = *conf_keys;
  return conf_keys.status();
}

}  // namespace

absl::StatusOr<std::vector<DefinedStream>> ReadDefinedStreams(std::string_view source, std::string_view key,
                                                              const Value& list) {
  std::vector<DefinedStream> streams;
  if (list.kind == Value::Kind::kNull) return streams;
  if (list.kind != Value::Kind::kList) {
    return WrongShape({source, std::string(key)}, list, "a list of streams, each with a name or sql");
  }
  std::map<std::string, std::string> places;  // of names
  for (const Value& item : list.items) {
    const std::string path = Concat({key, "[", std::to_string(&item - list.items.data()), "]"});
    auto stream = ReadDefinedStream({source, path}, item);
    if (!stream.ok()) return stream.status();
    const std::string& name = stream->request.stream().name();
    const auto [first, is_new] = places.emplace(name, stream->place);
    if (!is_new && !name.empty()) {
      return ValueError(stream->place, path,
                        Concat({"the stream ", Shown(name), " is defined twice, first at ", first->second}));
    }
    streams.push_back(*std::move(stream));
  }
  return streams;
}

absl::StatusOr<Definitions> ReadDefinitions(std::string_view source, std::string_view text) {
  const auto root = ParseYaml(source, text, kBounds);
  if (!root.ok()) return root.status();
  Definitions definitions;
  if (root->kind == Value::Kind::kNull) return definitions;
  if (root->kind != Value::Kind::kMap) {
    return WrongShape({source, ""}, *root, "a map with streams, a list, and confKeys, a map");
  }
  for (const Member& member : root->members) {
    absl::Status status = ReadSection(source, member, definitions);
    if (!status.ok()) return status;
  }
  return definitions;
}

}  // namespace inlet::config
