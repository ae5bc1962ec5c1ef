// A store that keeps nothing: definitions last as long as the process.
#ifndef INLET_SERVICE_NULL_STORE_H_
#define INLET_SERVICE_NULL_STORE_H_

#include <vector>

#include "service/definition_store.h"

namespace inlet::service {

class NullStore final : public DefinitionStore {
 public:
  absl::StatusOr<StoredDefinitions> Load() override { return StoredDefinitions(); }
  absl::Status PutStream(const StoredStream& /*stream*/) override { return absl::OkStatus(); }
  absl::Status PutStreams(const std::vector<StoredStream>& /*streams*/) override { return absl::OkStatus(); }
  absl::Status DeleteStream(std::string_view /*name*/) override { return absl::OkStatus(); }
  absl::Status PutConfKey(const StoredConfKey& /*conf_key*/) override { return absl::OkStatus(); }
  absl::Status DeleteConfKey(std::string_view /*name*/) override { return absl::OkStatus(); }
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_NULL_STORE_H_
