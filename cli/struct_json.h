// google.protobuf.Struct as compact JSON, many times faster than protobuf's own printer.
#ifndef INLET_CLI_STRUCT_JSON_H_
#define INLET_CLI_STRUCT_JSON_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <string_view>

namespace inlet::cli {

// Appends one line: keys in byte order (a Struct keeps none), numbers as short as they read back the same.
void AppendStructJson(std::string& out, const google::protobuf::Struct& data);

// Appends a text (UTF-8) in quotes, escaped.
void AppendJsonText(std::string& out, std::string_view text);

}  // namespace inlet::cli

#endif  // INLET_CLI_STRUCT_JSON_H_
