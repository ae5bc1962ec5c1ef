// Fields of a message by their path, such as settings.pingInterval.
#ifndef INLET_CLI_FIELD_PATH_H_
#define INLET_CLI_FIELD_PATH_H_

#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace inlet::cli {

struct FieldPath {
  std::vector<const google::protobuf::FieldDescriptor*> fields;  // from the message inwards; the last is meant
  // Of a map: all that follows it. Empty: the map as a whole.
  std::string key;

  const google::protobuf::FieldDescriptor& field() const { return *fields.back(); }
  bool has_key() const { return !key.empty(); }
  // As a field mask has it; without the key.
  std::string InMask() const;
};

// Whether it is a message whose fields one can name: no map, no list, no Duration.
bool HasFields(const google::protobuf::FieldDescriptor& field);

// Null if there is none of that name, in JSON's spelling or the contract's.
const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Descriptor& descriptor,
                                                   std::string_view name);

// `place`: what errors begin with. INVALID_ARGUMENT, with the nearest name. `left_out`: fields of the outer message,
// by their names in the contract, that are for the service to tell.
absl::StatusOr<FieldPath> FindPath(std::string_view place, const google::protobuf::Descriptor& descriptor,
                                   std::string_view path, const std::vector<std::string_view>& left_out);

// The message that holds the path's last field; made where it is missing.
google::protobuf::Message& Holder(google::protobuf::Message& message, const FieldPath& path);

// Paths, as JSON spells them, of the fields in which two messages of one type differ, in the order of the contract. A
// map and a list are one field each.
std::vector<std::string> DifferingPaths(const google::protobuf::Message& one, const google::protobuf::Message& other);

}  // namespace inlet::cli

#endif  // INLET_CLI_FIELD_PATH_H_
