// Definitions as the text that the catalog keeps: the contract's JSON.
#ifndef INLET_SERVICE_CATALOG_DEFINITION_TEXT_H_
#define INLET_SERVICE_CATALOG_DEFINITION_TEXT_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace inlet::catalog {

// InvalidArgument if the message has fields that this version does not know: they would be lost.
absl::StatusOr<std::string> DefinitionToText(const google::protobuf::Message& definition);

// InvalidArgument for what is no JSON of that message; a field that this version does not know is an error, because
// what was defined with it would quietly become something else. The error quotes nothing of the text: it has secrets.
absl::Status DefinitionFromText(std::string_view text, google::protobuf::Message& definition);

}  // namespace inlet::catalog

#endif  // INLET_SERVICE_CATALOG_DEFINITION_TEXT_H_
