// Conf keys as people read them.
#include "cli/conf_key_text.h"

#include <google/protobuf/util/time_util.h>

#include "cli/message_yaml.h"
#include "cli/table.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

using google::protobuf::util::TimeUtil;

// The service tells at most the first hundred.
constexpr int kMostStreams = 100;

std::string StreamCount(const v1::ConfKey& conf_key) {
  return Concat({std::to_string(conf_key.streams_size()), conf_key.streams_size() < kMostStreams ? "" : "+"});
}

std::string UpdateTime(const v1::ConfKey& conf_key) {
  return conf_key.has_update_time() ? TimeUtil::ToString(conf_key.update_time()) : std::string();
}

std::string StreamNames(const v1::ConfKey& conf_key) {
  std::string names;
  for (const std::string& name : conf_key.streams()) names += Concat({names.empty() ? "" : ", ", name});
  if (conf_key.streams_size() >= kMostStreams) names += ", and perhaps more";
  return names.empty() ? "no stream" : names;
}

void Add(std::vector<Row>& rows, std::string_view label, std::string value) {
  if (!value.empty()) rows.push_back({Concat({"  ", label}), std::move(value)});
}

}  // namespace

std::string LayerText(v1::ConfKey::Layer layer) {
  return layer == v1::ConfKey::CONFIG_FILE ? "file" : layer == v1::ConfKey::API ? "API" : "";
}

std::string ConfKeysText(const std::vector<v1::ConfKey>& conf_keys) {
  std::vector<Row> rows = {{"NAME", "FROM", "STREAMS", "UPDATED", "ERROR OF THE FILE"}};
  for (const v1::ConfKey& conf_key : conf_keys) {
    rows.push_back({conf_key.name(), LayerText(conf_key.layer()), StreamCount(conf_key), UpdateTime(conf_key),
                    conf_key.file_error()});
  }
  return FormatTable(rows, {2});
}

std::string ConfKeyText(const v1::ConfKey& conf_key) {
  std::vector<Row> rows;
  Add(rows, "from", LayerText(conf_key.layer()));
  Add(rows, "file error", conf_key.file_error());
  Add(rows, "used by", StreamNames(conf_key));
  Add(rows, "updated", UpdateTime(conf_key));
  Add(rows, "etag", conf_key.etag());
  const std::string settings = YamlText(conf_key.settings(), 4);
  return Concat(
      {conf_key.name(), "\n", FormatTable(rows, {}), "  settings", settings.empty() ? "    none\n" : "\n", settings});
}

}  // namespace inlet::cli
