// Runs checks of both roles, a bounded number at once.
#ifndef INLET_INGEST_WS_CHECKER_H_
#define INLET_INGEST_WS_CHECKER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "absl/status/statusor.h"
#include "ingest/connection_checker.h"
#include "ingest/credentials.h"
#include "ingest/loop.h"
#include "ingest/ws/connection_check.h"
#include "ingest/ws/dial.h"

namespace inlet::ws {

// Made anywhere; the rest is the loop thread's. What it refers to outlives it.
class Checker final : public ingest::ConnectionChecker {
 public:
  // Those that await the answer to their close frame count too.
  static constexpr size_t kMaxChecks = 32;

  // The report about a ServerRole.
  using CheckServer = std::function<ingest::CheckReport(const ingest::StreamSpec&)>;

  Checker(ingest::Loop& loop, Dialer& dialer, const ingest::Credentials& credentials, CheckServer check_server);
  // After Stop, or if nothing runs.
  ~Checker() override;
  Checker(const Checker&) = delete;
  Checker& operator=(const Checker&) = delete;

  absl::StatusOr<std::unique_ptr<ingest::Check>> Start(const ingest::StreamSpec& spec,
                                                       const ingest::CheckOptions& options, Done done) override;

  // Cuts all; no report comes any more.
  void Stop() { running_.clear(); }

  size_t running() const { return running_.size(); }

 private:
  class Handle;
  // One of the two.
  struct Running {
    std::unique_ptr<ConnectionCheck> client;
    std::unique_ptr<ingest::Timer> server;
  };

  void Abandon(uint64_t id);
  void ReportServer(uint64_t id, const ingest::StreamSpec& spec, const Done& done);

  ingest::Loop& loop_;
  Dialer& dialer_;
  const ingest::Credentials& credentials_;
  const CheckServer check_server_;
  uint64_t last_id_ = 0;
  std::map<uint64_t, Running> running_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_CHECKER_H_
