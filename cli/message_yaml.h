// Messages of the contract as YAML, as files of definitions have them.
#ifndef INLET_CLI_MESSAGE_YAML_H_
#define INLET_CLI_MESSAGE_YAML_H_

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace inlet::cli {

// Lines of `key: value` for the fields that are set, under their JSON names, each indented by so many spaces; keys of
// maps in byte order. Reading them back gives the same message. Nothing for an empty message.
std::string YamlText(const google::protobuf::Message& message, size_t indent);

// A text as one word or in quotes, so that no reader takes it for a number, a bool or a null.
std::string YamlScalar(std::string_view text);

}  // namespace inlet::cli

#endif  // INLET_CLI_MESSAGE_YAML_H_
