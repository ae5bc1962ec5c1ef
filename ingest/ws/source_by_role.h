// Hands each stream to the factory of its role.
#ifndef INLET_INGEST_WS_SOURCE_BY_ROLE_H_
#define INLET_INGEST_WS_SOURCE_BY_ROLE_H_

#include <memory>
#include <vector>

#include "ingest/source.h"

namespace inlet::ws {

class SourceByRole final : public ingest::SourceFactory {
 public:
  // Both outlive it.
  SourceByRole(ingest::SourceFactory& server, ingest::SourceFactory& client) : server_(server), client_(client) {}

  std::unique_ptr<ingest::Source> CreateSource(std::shared_ptr<const ingest::StreamSpec> spec,
                                               ingest::SourceSink& sink) override;
  // Each looks at the specs of its own role.
  absl::Status CheckChanges(const std::vector<std::shared_ptr<const ingest::StreamSpec>>& specs) const override;

 private:
  ingest::SourceFactory& server_;
  ingest::SourceFactory& client_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_SOURCE_BY_ROLE_H_
