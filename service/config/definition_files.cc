// Where the service's own files define streams: the key streams.definitions, and the files of a folder.
#include "service/config/definition_files.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>
#include <utility>

#include "ingest/text.h"
#include "service/config/json_text.h"
#include "service/config/names.h"

namespace inlet::config {
namespace {

constexpr std::string_view kKey = "streams.definitions";

absl::Status CannotRead(const std::string& name, int error) {
  return absl::ErrnoToStatus(error, Concat({"cannot read ", name}));
}

bool IsDefinitionFile(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return !name.starts_with('.') && (name.ends_with(".yaml") || name.ends_with(".yml"));
}

absl::StatusOr<std::vector<std::string>> DefinitionFiles(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (IsDefinitionFile(entry->path())) files.push_back(entry->path().string());
  }
  if (error) return CannotRead(Concat({"the folder ", folder, " (streams.dir)"}), error.value());
  std::sort(files.begin(), files.end());
  return files;
}

// Where each name is defined.
using PlacesOfNames = std::map<std::string, std::string, std::less<>>;

// Names in statements are for who compiles them.
absl::Status AddPlace(const DefinedStream& stream, PlacesOfNames& places) {
  const std::string& name = stream.request.stream().name();
  const auto [first, is_new] = places.emplace(name, stream.place);
  if (is_new || name.empty()) return absl::OkStatus();
  return ValueError(stream.place, "",
                    Concat({"the stream ", Shown(name), " is defined twice, first at ", first->second}));
}

absl::Status AddDefinitionFile(const std::string& path, PlacesOfNames& places, std::vector<DefinedStream>& streams) {
  const auto text = ReadConfigFile(path, kMaxDefinitionBytes);
  if (!text.ok()) return text.status();
  auto definitions = ReadDefinitions(path, *text, DefinitionKinds::kStreams);
  if (!definitions.ok()) return definitions.status();
  if (!definitions->conf_keys.empty()) {
    return ValueError(definitions->conf_keys.front().place, "confKeys",
                      "a file of streams.dir defines streams alone; write conf keys into sources/websocket.yaml");
  }
  for (const DefinedStream& stream : definitions->streams) {
    if (absl::Status status = AddPlace(stream, places); !status.ok()) return status;
  }
  std::move(definitions->streams.begin(), definitions->streams.end(), std::back_inserter(streams));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadConfigFile(const std::string& path, size_t limit) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return CannotRead(path, EISDIR);
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return CannotRead(path, errno == 0 ? EIO : errno);
  std::string text(limit + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return CannotRead(path, errno == 0 ? EIO : errno);
  text.resize(static_cast<size_t>(stream.gcount()));
  return text;
}

absl::StatusOr<std::vector<DefinedStream>> ReadStreamsSetting(const UnreadSetting& setting) {
  const bool is_json = setting.value.kind == Value::Kind::kPlain && setting.value.text.starts_with('[');
  if (!is_json) return ReadDefinedStreams(setting.source, kKey, setting.value);
  const auto list = ParseJson(setting.source, setting.value.text);  // of the environment
  if (!list.ok()) return list.status();
  return ReadDefinedStreams(setting.source, kKey, *list);
}

absl::Status AddDefinitionFolder(const std::string& folder, std::vector<DefinedStream>& streams) {
  if (folder.empty()) return absl::OkStatus();
  const auto files = DefinitionFiles(folder);
  if (!files.ok()) return files.status();
  PlacesOfNames places;
  for (const DefinedStream& stream : streams) places.emplace(stream.request.stream().name(), stream.place);
  for (const std::string& file : *files) {
    if (absl::Status status = AddDefinitionFile(file, places, streams); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace inlet::config
