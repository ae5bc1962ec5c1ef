// Reads what the operator decides: etc/inlet.yaml, sources/websocket.yaml beside it, and the environment.
#ifndef INLET_SERVICE_CONFIG_LOAD_H_
#define INLET_SERVICE_CONFIG_LOAD_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "service/config/app_config.h"
#include "service/config/conf_keys.h"
#include "service/config/definition_reader.h"
#include "service/config/ekuiper_keys.h"

namespace inlet::config {

// Names and values of environment variables. Only names that begin with INLET__ or WEBSOCKET__ (in any case) matter.
using Environment = std::vector<std::pair<std::string, std::string>>;

// A file's text, and its name for errors.
struct ConfigText {
  std::string name;
  std::string text;
};

// What is needed to read sources/websocket.yaml again.
struct SourcesFile {
  std::string path;
  bool was_there = false;   // at the start
  ConfigText inlet;         // etc/inlet.yaml as it was at the start
  ConfigText kuiper;        // kuiper.yaml beside it, likewise; empty: there is none
  Environment environment;  // likewise
};

// The settings of `source` as they are written, by their paths: to see whether they change.
using ServerTexts = std::map<std::string, std::string>;

// All that is configured, validated. Const from then on.
struct Loaded {
  AppConfig app;
  ConfKeys conf_keys;
  // Of streams.definitions, then of the files in streams.dir in byte order.
  std::vector<DefinedStream> streams = {};
  // What was accepted and has no effect, a sentence each.
  ConfigWarnings warnings = {};
  ServerTexts server_texts = {};
  std::optional<SourcesFile> sources_file = std::nullopt;  // none: it was not read from files
};

// From an array of "NAME=value" that ends with nullptr, such as `environ`. The value is all after the first "=".
Environment ReadEnvironment(const char* const* entries);

// Without `path`: built-in values, which equal the shipped files. With it: that file, which must exist, and
// sources/websocket.yaml in the same folder, which may be missing. The environment goes on top of either. Files of
// eKuiper are read, too: a kuiper.yaml, given as `path` or lying beside it, has the `source` section that
// sources/websocket.yaml may have, below that one.
// The first error ends it, with file and line (or the variable's name), the key, and what to write instead: unknown and
// duplicate keys, wrong types, values out of range, settings of a conf key that contradict one another, are no PEM, or
// name a proxy without egress.proxy, a gRPC address that others can reach without grpc.insecure, half of httpServerTls,
// YAML that cannot be parsed, files that cannot be read (the code of the system's error).
absl::StatusOr<Loaded> Load(const std::optional<std::string>& path, const Environment& environment);

// What sources/websocket.yaml holds now. The code of the system's error; NotFound if the file was there and has gone:
// it is more likely being replaced than empty.
absl::StatusOr<std::string> ReadAgain(const SourcesFile& file);

// That text, with all else as it was at the start. Errors as of Load.
absl::StatusOr<Loaded> LoadAgain(const SourcesFile& file, std::string text);

// The same from texts in memory; streams.dir is not looked into.
absl::StatusOr<Loaded> LoadText(const ConfigText& inlet, const ConfigText& websocket, const Environment& environment,
                                const ConfigText& kuiper = {});

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_LOAD_H_
