// The client role: makes sources that dial, and holds what they share.
#ifndef INLET_INGEST_WS_CLIENT_H_
#define INLET_INGEST_WS_CLIENT_H_

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "ingest/credentials.h"
#include "ingest/loop.h"
#include "ingest/source.h"
#include "ingest/ws/client_source.h"
#include "ingest/ws/dial.h"
#include "ingest/ws/link.h"

namespace inlet::ws {

class Client final : public ingest::SourceFactory {
 public:
  // All outlive it.
  Client(Dialer& dialer, ingest::Loop& loop, const ingest::Credentials& credentials)
      : parts_{dialer, loop, credentials, closing_}, loop_(loop) {}
  // Loop thread, or after Free. Its sources must have been stopped.
  ~Client() override = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  std::unique_ptr<ingest::Source> CreateSource(std::shared_ptr<const ingest::StreamSpec> spec,
                                               ingest::SourceSink& sink) override;
  // Always OK: dialling takes nothing from others.
  absl::Status CheckChanges(const std::vector<std::shared_ptr<const ingest::StreamSpec>>& /*specs*/) const override {
    return absl::OkStatus();
  }

  // Posts `done` once the close frames of stopped sources have been answered, or after `limit`, when what is left is
  // cut. Loop thread; one at a time.
  void AwaitClosed(std::chrono::milliseconds limit, std::function<void()> done);

  // Cuts what is still closing: the last thing before the loop ends (EventLoop::AtExit). Loop thread. Idempotent.
  void Free();

 private:
  ClosingLinks closing_;
  const ClientParts parts_;
  ingest::Loop& loop_;
  std::unique_ptr<ingest::Timer> closing_deadline_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_CLIENT_H_
