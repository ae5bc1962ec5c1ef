// The streams that the operator's own files define: planned at the start, and never changed by a call.
#ifndef INLET_SERVICE_FILE_STREAMS_H_
#define INLET_SERVICE_FILE_STREAMS_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/loop.h"
#include "service/config/definition_reader.h"
#include "service/definition_store.h"
#include "service/stream_plan.h"

namespace inlet::service {

using PlanFunction = std::function<absl::StatusOr<StreamPlan>(const v1::CreateStreamRequest& request)>;

// All of them as the store would hold them, made at `now`. The first error of `plan` ends it, preceded by the place in
// the file, and FIELD_INVALID for a name that is defined twice.
absl::StatusOr<std::vector<StoredStream>> PlanFileStreams(const std::vector<config::DefinedStream>& defined,
                                                          const PlanFunction& plan, ingest::WallTime now);

// Adds them to what was kept, by name in byte order. One that both have is the file's: the kept one stays in the store,
// unused, and the log says so.
void AddFileStreams(std::vector<StoredStream> of_files, std::vector<StoredStream>& kept);

}  // namespace inlet::service

#endif  // INLET_SERVICE_FILE_STREAMS_H_
