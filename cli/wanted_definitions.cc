// The definitions that apply shall bring about.
#include "cli/wanted_definitions.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/words.h"
#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/definition_reader.h"
#include "service/config/value.h"
#include "service/statement_compiler.h"

namespace inlet::cli {
namespace {

absl::StatusOr<WantedStream> Want(const config::DefinedStream& defined) {
  WantedStream wanted{defined.request.stream(), defined.request, defined.place};
  if (defined.request.sql().empty()) return wanted;
  auto compiled = service::CompileStatement(defined.request.sql());
  if (!compiled.ok()) return AddContext(compiled.status(), defined.place);
  wanted.definition = std::move(compiled->definition);
  wanted.definition.clear_sql();
  wanted.definition.clear_warnings();
  return wanted;
}

absl::Status Twice(std::string_view what, const std::string& name, const std::string& place, const std::string& first) {
  return config::ValueError(place, "", Concat({"the ", what, " \"", name, "\" is defined twice, first at ", first}));
}

absl::Status Add(WantedStream stream, WantedDefinitions& wanted) {
  const std::string& name = stream.definition.name();
  const auto same = std::find_if(wanted.streams.begin(), wanted.streams.end(),
                                 [&name](const WantedStream& other) { return other.definition.name() == name; });
  if (same != wanted.streams.end()) return Twice("stream", name, stream.place, same->place);
  wanted.streams.push_back(std::move(stream));
  return absl::OkStatus();
}

absl::Status Add(WantedConfKey key, WantedDefinitions& wanted) {
  const std::string& name = key.conf_key.name();
  const auto same = std::find_if(wanted.conf_keys.begin(), wanted.conf_keys.end(),
                                 [&name](const WantedConfKey& other) { return other.conf_key.name() == name; });
  if (same != wanted.conf_keys.end()) return Twice("conf key", name, key.place, same->place);
  const auto place = name == "default" ? wanted.conf_keys.begin() : wanted.conf_keys.end();
  wanted.conf_keys.insert(place, std::move(key));
  return absl::OkStatus();
}

bool IsDefinitionFile(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return !name.starts_with('.') && (name.ends_with(".yaml") || name.ends_with(".yml"));
}

absl::Status AddFolder(const std::string& folder, std::vector<std::string>& files) {
  std::error_code error;
  const size_t before = files.size();
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (IsDefinitionFile(entry->path())) files.push_back(entry->path().string());
  }
  if (error) return absl::ErrnoToStatus(error.value(), Concat({"cannot read ", folder}));
  std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
  const bool is_empty = files.size() == before;
  return is_empty ? absl::NotFoundError(Concat({"there is no .yaml and no .yml file in ", folder})) : absl::OkStatus();
}

}  // namespace

std::vector<absl::Status> AddDefinitions(std::string_view source, std::string_view text, WantedDefinitions& wanted) {
  std::vector<absl::Status> mistakes;
  const config::Definitions definitions = config::ReadDefinitions(source, text, mistakes);
  const auto note = [&mistakes](absl::Status status) {
    if (!status.ok()) mistakes.push_back(std::move(status));
  };
  for (const config::DefinedConfKey& defined : definitions.conf_keys) {
    WantedConfKey key{{}, defined.place};
    key.conf_key.set_name(defined.name);
    *key.conf_key.mutable_settings() = defined.settings;
    note(Add(std::move(key), wanted));
  }
  for (const config::DefinedStream& defined : definitions.streams) {
    auto stream = Want(defined);
    note(stream.ok() ? Add(*std::move(stream), wanted) : stream.status());
  }
  return mistakes;
}

absl::StatusOr<std::vector<std::string>> ExpandFolders(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored)) {
      files.push_back(path);
      continue;
    }
    if (absl::Status status = AddFolder(path, files); !status.ok()) return status;
  }
  return files;
}

}  // namespace inlet::cli
