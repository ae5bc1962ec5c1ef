// Definitions as the text that the catalog keeps: the contract's JSON.
#include "service/catalog/definition_text.h"

#include <vector>

#include "google/protobuf/unknown_field_set.h"
#include "google/protobuf/util/json_util.h"
#include "service/ordered_proto.h"

namespace inlet::catalog {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
namespace json = google::protobuf::util;

absl::Status Invalid(const std::string& message) { return absl::InvalidArgumentError(message); }

bool HasUnknownFields(const Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) return true;
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const Message& inner = field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                                  : reflection.GetMessage(message, field);
      if (HasUnknownFields(inner)) return true;
    }
  }
  return false;
}

// The library quotes the text that it could not read, which may be a secret: all from the first quote, or the first
// line's end, goes.
std::string WithoutContent(const std::string& message) {
  const size_t end = message.substr(0, message.find_first_of("\"'\n")).find_last_not_of(" :");
  return message.substr(0, end == std::string::npos ? 0 : end + 1);
}

}  // namespace

absl::StatusOr<std::string> DefinitionToText(const Message& definition) {
  if (HasUnknownFields(definition)) return Invalid("it has fields that this version does not know");
  std::string text;
  const auto status = OrderedJson(definition, text);
  if (!status.ok()) return Invalid(status.message().ToString());
  return text;
}

absl::Status DefinitionFromText(std::string_view text, Message& definition) {
  definition.Clear();
  const auto status = json::JsonStringToMessage({text.data(), text.size()}, &definition);
  return status.ok() ? absl::OkStatus() : Invalid(WithoutContent(status.message().ToString()));
}

}  // namespace inlet::catalog
