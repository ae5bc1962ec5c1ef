// Refuses what a newer contract has and this version cannot read.
#include "service/config/unknown_fields.h"

#include <string>

#include "google/protobuf/unknown_field_set.h"
#include "ingest/error.h"
#include "ingest/text.h"

namespace inlet::config {

absl::Status RefuseUnknownFields(const google::protobuf::Message& message, std::string_view path) {
  const auto& unknown = message.GetReflection()->GetUnknownFields(message);
  if (unknown.empty()) return absl::OkStatus();
  const std::string number = std::to_string(unknown.field(0).number());
  return NotImplemented(
      path, Concat({path, ": this version does not know field number ", number, "; update Inlet, or leave it out"}));
}

}  // namespace inlet::config
