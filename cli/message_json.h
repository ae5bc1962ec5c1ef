// Messages of the contract as JSON that people read, too: "<redacted>", where protobuf writes "\u003credacted\u003e".
#ifndef INLET_CLI_MESSAGE_JSON_H_
#define INLET_CLI_MESSAGE_JSON_H_

#include <string>
#include <string_view>

#include "inlet/v1/inlet.pb.h"

namespace inlet::cli {

// On several lines, zeros included. A message that cannot be written is an object with the key "error".
std::string JsonText(const google::protobuf::Message& message);

// On one line without a line end, only what is set; empty if the message cannot be written.
std::string CompactJson(const google::protobuf::Message& message);

// JSON with < and > in place of their escapes. Other escapes stay, and texts mean what they meant.
std::string Readable(std::string_view json);

}  // namespace inlet::cli

#endif  // INLET_CLI_MESSAGE_JSON_H_
