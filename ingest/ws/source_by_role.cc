// Hands each stream to the factory of its role.
#include "ingest/ws/source_by_role.h"

#include <utility>
#include <variant>

namespace inlet::ws {

std::unique_ptr<ingest::Source> SourceByRole::CreateSource(std::shared_ptr<const ingest::StreamSpec> spec,
                                                           ingest::SourceSink& sink) {
  const bool is_client = std::holds_alternative<ingest::ClientRole>(spec->role);
  return (is_client ? client_ : server_).CreateSource(std::move(spec), sink);
}

absl::Status SourceByRole::CheckChanges(const std::vector<std::shared_ptr<const ingest::StreamSpec>>& specs) const {
  absl::Status status = server_.CheckChanges(specs);
  return status.ok() ? client_.CheckChanges(specs) : status;
}

}  // namespace inlet::ws
