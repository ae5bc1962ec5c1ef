// Names to addresses without blocking: c-ares on the event loop.
#ifndef INLET_INGEST_WS_RESOLVER_H_
#define INLET_INGEST_WS_RESOLVER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/ws/event_loop.h"
#include "ingest/ws/peer_address.h"

namespace inlet::ws {

// Loop thread only. Knows /etc/hosts and "localhost"; reads the system's name servers again when they change. Queries
// do not wait for each other.
class Resolver {
 public:
  struct Options {
    std::string servers;  // "ip:port,ip:port"; empty: those of the system
  };
  // Not empty; families alternate, so that one that does not work costs one address. Or NotFound (no such host, or no
  // address), DeadlineExceeded (no answer in time), Unavailable (the name servers do not work).
  using Result = absl::StatusOr<std::vector<PeerAddress>>;
  using Done = std::function<void(Result)>;

  // Destroying it cancels. To be destroyed before the loop.
  class Query {
   public:
    virtual ~Query() = default;
  };

  Resolver(EventLoop& loop, Options options);
  // Queries that are left go on.
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // Calls `done` once, in a later turn, unless the query is destroyed; it may destroy the query. `name` may be a
  // literal (IPv6 without brackets).
  [[nodiscard]] std::unique_ptr<Query> Resolve(const std::string& name, uint16_t port,
                                               std::chrono::milliseconds timeout, Done done);

 private:
  class Channel;
  class AresQuery;

  std::shared_ptr<Channel> FreshChannel();

  EventLoop& loop_;
  const Options options_;
  std::shared_ptr<Channel> channel_;
  int64_t configuration_ = 0;  // what tells that the system's name servers have changed
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_RESOLVER_H_
