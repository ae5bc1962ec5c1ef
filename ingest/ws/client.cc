// The client role: makes sources that dial, and holds what they share.
#include "ingest/ws/client.h"

#include <utility>

namespace inlet::ws {

std::unique_ptr<ingest::Source> Client::CreateSource(std::shared_ptr<const ingest::StreamSpec> spec,
                                                     ingest::SourceSink& sink) {
  return std::make_unique<ClientSource>(parts_, *spec, sink);
}

void Client::AwaitClosed(std::chrono::milliseconds limit, std::function<void()> done) {
  if (closing_.empty()) return loop_.Post(std::move(done));
  closing_deadline_ = loop_.RunAfter(limit, [this] { closing_.Cut(); });
  closing_.NotifyWhenEmpty([this, done = std::move(done)] {
    closing_deadline_.reset();
    loop_.Post(done);
  });
}

void Client::Free() {
  closing_.Cut();
  closing_deadline_.reset();
}

}  // namespace inlet::ws
