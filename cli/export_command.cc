// What the verb export does: definitions as YAML, for apply and streams for the service's own files.
#include <algorithm>
#include <cerrno>
#include <fstream>
#include <set>
#include <system_error>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/definition.h"
#include "cli/message_yaml.h"
#include "cli/terminal.h"
#include "ingest/text.h"
#include "service/config/input_fields.h"

namespace inlet::cli {
namespace {

struct Exported {
  std::vector<v1::ConfKey> conf_keys;
  std::vector<v1::Stream> streams;
};

// Those that were put by calls: the others are in the operator's file.
grpc::Status GetConfKeys(Client& client, std::vector<v1::ConfKey>& conf_keys) {
  v1::ListConfKeysResponse all;
  grpc::Status status = client.List(v1::ListConfKeysRequest(), all);
  std::copy_if(all.conf_keys().begin(), all.conf_keys().end(), std::back_inserter(conf_keys),
               [](const v1::ConfKey& conf_key) { return conf_key.layer() == v1::ConfKey::API; });
  return status;
}

grpc::Status GetAll(Client& client, Exported& exported) {
  v1::ListStreamsResponse all;
  if (grpc::Status status = client.List(v1::ListStreamsRequest(), all); !status.ok()) return status;
  exported.streams.assign(all.streams().begin(), all.streams().end());
  return GetConfKeys(client, exported.conf_keys);
}

// The conf keys that these streams need, too.
grpc::Status GetSome(const std::vector<std::string>& names, Client& client, Exported& exported) {
  std::set<std::string> needed;
  for (const std::string& name : names) {
    if (grpc::Status status = client.Get(name, exported.streams.emplace_back()); !status.ok()) return status;
    needed.insert(exported.streams.back().conf_key());
  }
  grpc::Status status = GetConfKeys(client, exported.conf_keys);
  std::erase_if(exported.conf_keys,
                [&needed](const v1::ConfKey& conf_key) { return !needed.contains(conf_key.name()); });
  return status;
}

std::string ConfKeyLines(const v1::ConfKey& conf_key) {
  const std::string settings = YamlText(conf_key.settings(), 4);
  return Concat({"  ", YamlScalar(conf_key.name()), settings.empty() ? ": {}\n" : ":\n", settings});
}

std::string StreamLines(const v1::Stream& stream) {
  constexpr size_t kIndent = 4;
  std::string lines = YamlText(config::InputFieldsOf(stream), kIndent);
  lines[kIndent - 2] = '-';
  return lines;
}

// The service's own files take no conf keys.
std::string_view Heading(const Exported& exported) {
  if (exported.conf_keys.empty()) return "# For inletctl apply -f, and for a file of streams.dir.\n";
  return "# For inletctl apply -f. A file of streams.dir takes the streams alone: conf keys belong in "
         "sources/websocket.yaml.\n";
}

std::string Document(const Exported& exported) {
  std::string text(Heading(exported));
  if (!exported.conf_keys.empty()) text += "confKeys:\n";
  for (const v1::ConfKey& conf_key : exported.conf_keys) text += ConfKeyLines(conf_key);
  text += exported.streams.empty() ? "streams: []\n" : "streams:\n";
  for (const v1::Stream& stream : exported.streams) text += StreamLines(stream);
  return text;
}

void Warn(std::string_view what, const std::string& name, const google::protobuf::Message& definition) {
  std::string paths;
  for (const std::string& path : RedactedPaths(definition)) paths += Concat({paths.empty() ? "" : ", ", path});
  if (paths.empty()) return;
  PrintNotice(Concat({"warning: ", what, " ", name, " has secrets, which are not in the file: ", paths,
                      ". apply keeps them where they are set; elsewhere set them, best by ${env:...} or ${file:...}"}));
}

int WriteFile(const std::string& path, const std::string& text) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return kExitOk;
  PrintError(Concat({"cannot write ", path, ": ", std::generic_category().message(errno == 0 ? EIO : errno)}));
  return kExitError;
}

}  // namespace

int RunExport(const ExportCommand& command, CommandContext& context) {
  Exported exported;
  const grpc::Status status =
      command.names.empty() ? GetAll(context.client, exported) : GetSome(command.names, context.client, exported);
  if (!status.ok()) return PrintStatus(status, context.invocation);
  for (const v1::ConfKey& conf_key : exported.conf_keys) Warn("conf key", conf_key.name(), conf_key.settings());
  for (const v1::Stream& stream : exported.streams) Warn("stream", stream.name(), config::InputFieldsOf(stream));
  if (!command.file.empty()) return WriteFile(command.file, Document(exported));
  context.output.buffer() += Document(exported);
  return kExitOk;
}

}  // namespace inlet::cli
