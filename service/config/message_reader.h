// Reads a message of the contract by its own descriptor from a parsed text: what a definition in a file is made of.
//
// A key is the field's JSON name (confKey) or its proto name (conf_key). Text is for string, true for bool, digits for
// a number (with KiB, MiB or GiB where the name ends in Bytes), 500ms, 20s, 2m, 1h or 0.5s for a duration, a plain
// number, bool or text for google.protobuf.Value; SourceSettings are read as settings_reader.h says.
#ifndef INLET_SERVICE_CONFIG_MESSAGE_READER_H_
#define INLET_SERVICE_CONFIG_MESSAGE_READER_H_

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "service/config/scalars.h"
#include "service/config/value.h"

namespace inlet::config {

// Adds what the map `value` says to `message`. `left_out`: proto names of fields of this message that a file must not
// set. INVALID_ARGUMENT: OPTION_UNKNOWN with the nearest key, or FIELD_INVALID; each begins with the place.
absl::Status ReadMessage(const Spot& spot, const Value& value, const std::vector<std::string_view>& left_out,
                         google::protobuf::Message& message);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_MESSAGE_READER_H_
