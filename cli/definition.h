// Definitions: what a user writes of a stream, without what the service tells of it.
#ifndef INLET_CLI_DEFINITION_H_
#define INLET_CLI_DEFINITION_H_

#include <string>
#include <string_view>
#include <vector>

#include "inlet/v1/inlet.pb.h"

namespace inlet::cli {

// Stands for a secret in all that the service answers; sent back it keeps what is there.
inline constexpr std::string_view kRedacted = "<redacted>";

// Paths, as JSON spells them, of the texts that hold <redacted>, with keys of maps and places in lists behind:
// "settings.requestHeader.Authorization", "settings.bearerTokens[0]".
std::vector<std::string> RedactedPaths(const google::protobuf::Message& message);

// Paths of the fields, without places in lists, whose secret `wanted` writes out and `shown`, the service's answer,
// hides: nothing here tells whether the service had another one before.
std::vector<std::string> WrittenSecrets(const google::protobuf::Message& wanted,
                                        const google::protobuf::Message& shown);

}  // namespace inlet::cli

#endif  // INLET_CLI_DEFINITION_H_
