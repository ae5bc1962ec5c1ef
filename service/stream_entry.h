// A stream as the registry knows it: its definition, and what runs.
#ifndef INLET_SERVICE_STREAM_ENTRY_H_
#define INLET_SERVICE_STREAM_ENTRY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "ingest/stream.h"
#include "service/definition_store.h"
#include "service/packed_definition.h"
#include "service/secret_store.h"

namespace inlet::service {

// Never changes, and stays readable after the stream was changed (another entry has its place then) or deleted.
struct StreamEntry {
  PackedDefinition definition;
  ingest::WallTime create_time;
  std::shared_ptr<ingest::Stream> stream = nullptr;  // null: it was only validated
  SecretLease secrets = nullptr;                     // what the stream refers to stays readable
  ingest::WallTime update_time{};                    // of the definition; 1970: it was only validated
  uint64_t revision = 1;                             // of the definition
  bool paused = false;
  ingest::WallTime pause_time{};  // as StoredStream::pause_time
  std::string file_place = {};    // as StoredStream::file_place
};
using StreamEntryPtr = std::shared_ptr<const StreamEntry>;

// Names this state of the definition; empty if it was only validated.
std::string EtagOf(const StreamEntry& entry);

// OK if `etag` is empty or the entry's. Aborted: ETAG_MISMATCH (etag).
absl::Status CheckEtag(const StreamEntry& entry, std::string_view etag);

// OK if a call made the stream. FailedPrecondition: STREAM_READ_ONLY.
absl::Status CheckChangeable(const StreamEntry& entry);

// Whether it does not run, and what it refers to was not there when it was to start.
bool LacksSecrets(const StreamEntry& entry);

// Whether a store keeps it, from a time before roles were kept, and nothing has said its role since.
bool LacksRole(const StreamEntry& entry);

// What a store keeps of it.
StoredStream ToStored(const StreamEntry& entry);

}  // namespace inlet::service

#endif  // INLET_SERVICE_STREAM_ENTRY_H_
