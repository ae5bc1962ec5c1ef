// The seam to what outlives the process: the definitions of streams and conf keys.
#ifndef INLET_SERVICE_DEFINITION_STORE_H_
#define INLET_SERVICE_DEFINITION_STORE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/loop.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::service {

struct StoredStream {
  // What the caller set, secrets included, `sql` as it is shown, and the role, which stays (unspecified: it was kept
  // before roles were, and gets its role at its first start); nothing else that is output only.
  v1::Stream definition;
  ingest::WallTime create_time;
  ingest::WallTime update_time;
  uint64_t revision = 1;  // rises with each change; create_time and revision make the etag
  bool paused = false;
  ingest::WallTime pause_time{};  // if it is paused; 1970: nobody knows
  // Where a file of the operator defines it, such as "streams/a.yaml:3": calls must not change it, and no store keeps
  // it. Empty: a call made it.
  std::string file_place;
};

struct StoredConfKey {
  std::string name;
  v1::SourceSettings settings;  // secrets included
  ingest::WallTime update_time;
  uint64_t revision = 1;
};

struct StoredDefinitions {
  // When the service that wrote them last ran; 1970: nobody knows.
  ingest::WallTime last_alive{};
  std::vector<StoredStream> streams;  // by name, in byte order
  std::vector<StoredConfKey> conf_keys;
};

// Control thread only, except Load. Every change is on disk when it returns OK, and has not happened otherwise: errors
// are Unavailable (STORE_UNAVAILABLE) and say what to do (the disk is full, the folder is read-only, the file is
// damaged).
class DefinitionStore {
 public:
  virtual ~DefinitionStore() = default;
  // All that is kept. To be called once, before the first change.
  virtual absl::StatusOr<StoredDefinitions> Load() = 0;
  // Adds or replaces the one of that name.
  virtual absl::Status PutStream(const StoredStream& stream) = 0;
  // As PutStream of each, all or none.
  virtual absl::Status PutStreams(const std::vector<StoredStream>& streams) = 0;
  // OK also if there is none.
  virtual absl::Status DeleteStream(std::string_view name) = 0;
  virtual absl::Status PutConfKey(const StoredConfKey& conf_key) = 0;
  virtual absl::Status DeleteConfKey(std::string_view name) = 0;
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_DEFINITION_STORE_H_
