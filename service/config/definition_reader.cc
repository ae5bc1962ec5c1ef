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

using Mistakes = std::vector<absl::Status>;

template <typename T>
void AddOr(absl::StatusOr<T> read, std::vector<T>& all, Mistakes& mistakes) {
  if (read.ok()) {
    all.push_back(*std::move(read));
  } else {
    mistakes.push_back(read.status());
  }
}

std::vector<DefinedConfKey> ReadConfKeys(std::string_view source, const Value& value, Mistakes& mistakes) {
  std::vector<DefinedConfKey> conf_keys;
  if (value.kind == Value::Kind::kNull) return conf_keys;
  if (value.kind != Value::Kind::kMap) {
    mistakes.push_back(WrongShape({source, std::string(kConfKeys)}, value, "a map of names and settings"));
    return conf_keys;
  }
  for (const Member& member : value.members) AddOr(ReadDefinedConfKey(source, member), conf_keys, mistakes);
  return conf_keys;
}

using Places = std::map<std::string, std::string>;  // of names

// One of a list; no name twice.
absl::StatusOr<DefinedStream> ReadListedStream(const Spot& spot, const Value& item, Places& places) {
  auto stream = ReadDefinedStream(spot, item);
  if (!stream.ok()) return stream;
  const std::string& name = stream->request.stream().name();
  const auto [first, is_new] = places.emplace(name, stream->place);
  if (is_new || name.empty()) return stream;
  return ValueError(stream->place, spot.key,
                    Concat({"the stream ", Shown(name), " is defined twice, first at ", first->second}));
}

std::vector<DefinedStream> ReadStreams(std::string_view source, std::string_view key, const Value& list,
                                       Mistakes& mistakes) {
  std::vector<DefinedStream> streams;
  if (list.kind == Value::Kind::kNull) return streams;
  if (list.kind != Value::Kind::kList) {
    mistakes.push_back(WrongShape({source, std::string(key)}, list, "a list of streams, each with a name or sql"));
    return streams;
  }
  Places places;
  for (const Value& item : list.items) {
    const std::string path = Concat({key, "[", std::to_string(&item - list.items.data()), "]"});
    AddOr(ReadListedStream({source, path}, item, places), streams, mistakes);
  }
  return streams;
}

bool IsConfKeys(std::string_view key) { return key == kConfKeys || key == SnakeCase(kConfKeys); }

// What a text may define, for errors.
struct Allowed {
  std::vector<std::string_view> keys;
  std::string_view shape;
};

Allowed AllowedIn(DefinitionKinds kinds) {
  if (kinds == DefinitionKinds::kStreams) return {{kStreams}, "a map with streams, a list"};
  return {{kStreams, kConfKeys}, "a map with streams, a list, and confKeys, a map"};
}

void ReadSection(std::string_view source, const Member& member, const Allowed& allowed, Definitions& definitions,
                 Mistakes& mistakes) {
  if (member.key == kStreams) {
    definitions.streams = ReadStreams(source, kStreams, member.value, mistakes);
  } else if (IsConfKeys(member.key)) {
    definitions.conf_keys = ReadConfKeys(source, member.value, mistakes);
  } else {
    mistakes.push_back(UnknownKey(Place(source, member.line), "", member.key, allowed.keys));
  }
}

Definitions ReadRoot(std::string_view source, std::string_view text, const Allowed& allowed, Mistakes& mistakes) {
  Definitions definitions;
  const auto root = ParseYaml(source, text, kBounds);
  if (!root.ok()) {
    mistakes.push_back(root.status());
  } else if (root->kind != Value::Kind::kMap && root->kind != Value::Kind::kNull) {
    mistakes.push_back(WrongShape({source, ""}, *root, allowed.shape));
  } else {
    for (const Member& member : root->members) ReadSection(source, member, allowed, definitions, mistakes);
  }
  return definitions;
}

}  // namespace

absl::StatusOr<std::vector<DefinedStream>> ReadDefinedStreams(std::string_view source, std::string_view key,
                                                              const Value& list) {
  Mistakes mistakes;
  std::vector<DefinedStream> streams = ReadStreams(source, key, list, mistakes);
  if (!mistakes.empty()) return mistakes.front();
  return streams;
}

Definitions ReadDefinitions(std::string_view source, std::string_view text, std::vector<absl::Status>& mistakes) {
  return ReadRoot(source, text, AllowedIn(DefinitionKinds::kAll), mistakes);
}

absl::StatusOr<Definitions> ReadDefinitions(std::string_view source, std::string_view text, DefinitionKinds kinds) {
  Mistakes mistakes;
  Definitions definitions = ReadRoot(source, text, AllowedIn(kinds), mistakes);
  if (!mistakes.empty()) return mistakes.front();
  return definitions;
}

}  // namespace inlet::config
