// What went wrong with a call, for somebody who types commands.
#ifndef INLET_CLI_SERVICE_ERROR_H_
#define INLET_CLI_SERVICE_ERROR_H_

#include <grpcpp/support/status.h>

#include <map>
#include <string>

#include "cli/invocation.h"

namespace inlet::cli {

// What the service says of an error beside its message. `reason`: the name of an ErrorReason; empty if it said nothing,
// as where there was no answer.
struct ServiceError {
  std::string reason;
  std::map<std::string, std::string> metadata;
};

ServiceError ReadServiceError(const grpc::Status& status);

// A sentence.
std::string ErrorText(const grpc::Status& status, const Invocation& invocation);

// What to try, in words of the command line (the message has those of the contract); may be empty.
std::string ErrorHint(const grpc::Status& status, const Invocation& invocation);

}  // namespace inlet::cli

#endif  // INLET_CLI_SERVICE_ERROR_H_
