// Gives each stream its source by its role: the one factory that the registry knows.
#ifndef INLET_SERVICE_SOURCE_ROUTER_H_
#define INLET_SERVICE_SOURCE_ROUTER_H_

#include <memory>

#include "ingest/source.h"

namespace inlet::service {

class SourceRouter final : public ingest::SourceFactory {
 public:
  // Both outlive the router. `client` null: a stream that dials cannot be started (NOT_IMPLEMENTED).
  SourceRouter(ingest::SourceFactory& server, ingest::SourceFactory* client) : server_(server), client_(client) {}

  std::unique_ptr<ingest::Source> CreateSource(const ingest::StreamSpec& spec, ingest::SourceSink& sink) override;

 private:
  ingest::SourceFactory& server_;
  ingest::SourceFactory* const client_;
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_SOURCE_ROUTER_H_
