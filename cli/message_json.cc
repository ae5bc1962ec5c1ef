// Messages of the contract as JSON that people read, too.
#include "cli/message_json.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <string_view>

#include "ingest/text.h"
#include "service/ordered_proto.h"

namespace inlet::cli {

std::string JsonText(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status = OrderedJson(message, json, options);
  return status.ok() ? Readable(json) : Concat({"{\"error\": \"", status.ToString(), "\"}\n"});
}

std::string CompactJson(const google::protobuf::Message& message) {
  std::string json;
  return OrderedJson(message, json).ok() ? Readable(json) : std::string();
}

std::string Readable(std::string_view json) {
  constexpr size_t kEscapeSize = 6;
  std::string readable;
  readable.reserve(json.size());
  while (!json.empty()) {
    const std::string_view escape = json.substr(0, kEscapeSize);
    const bool is_less = escape == "\\u003c";
    const bool is_angle = is_less || escape == "\\u003e";
    // An escaped backslash is taken as a whole: what follows it is plain text.
    const size_t size = is_angle ? kEscapeSize : json[0] == '\\' ? 2 : 1;
    readable += is_angle ? std::string_view(is_less ? "<" : ">") : json.substr(0, size);
    json.remove_prefix(std::min(size, json.size()));
  }
  return readable;
}

}  // namespace inlet::cli
