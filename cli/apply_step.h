// One step of apply: what is to be done about a stream or a conf key, and doing it.
#ifndef INLET_CLI_APPLY_STEP_H_
#define INLET_CLI_APPLY_STEP_H_

#include <grpcpp/support/status.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/client.h"
#include "cli/wanted_definitions.h"

namespace inlet::cli {

enum class StepKind { kCreate, kUpdate, kKeep, kRemove };

struct ApplyStep {
  StepKind kind = StepKind::kKeep;
  // Fields that change, in JSON's spelling.
  std::vector<std::string> fields;
  // What the step builds on: somebody else's change in between is an error, not lost.
  std::string etag;
  // WrittenSecrets of the wanted definition: only doing it shows whether they are the same.
  std::vector<std::string> secrets;
  // A file of the service defines the stream, as the wanted definition says it, and no call can change it.
  bool is_read_only = false;
  // It could not be checked yet, as it builds on a conf key that an earlier step changes.
  bool is_unchecked = false;
};

// They ask the service and change nothing. `changing`: names of conf keys that earlier steps change; every stream
// and every other key builds on `default`.
grpc::Status PlanConfKey(const WantedConfKey& wanted, const std::set<std::string>& changing, Client& client,
                         ApplyStep& step);
grpc::Status PlanStream(const WantedStream& wanted, const std::set<std::string>& changing, Client& client,
                        ApplyStep& step);

// Whether the stream could be removed: FAILED_PRECONDITION (STREAM_READ_ONLY) if a file of the service defines it.
grpc::Status PlanRemoval(const v1::Stream& present, Client& client);

// Do it. Afterwards `step` says what has been done: kKeep, if nothing was to be changed.
grpc::Status DoConfKey(const WantedConfKey& wanted, Client& client, ApplyStep& step);
grpc::Status DoStream(const WantedStream& wanted, Client& client, ApplyStep& step);

// "~ stream demo: settings.pingInterval", with a line end.
std::string StepText(const ApplyStep& step, std::string_view what, std::string_view name, bool dry_run);

}  // namespace inlet::cli

#endif  // INLET_CLI_APPLY_STEP_H_
