// Runs checks of both roles: who runs, and who ends them.
#include "ingest/ws/checker.h"

#include <cassert>
#include <string>
#include <utility>
#include <variant>

#include "ingest/limit_error.h"
#include "ingest/text.h"

namespace inlet::ws {

class Checker::Handle final : public ingest::Check {
 public:
  Handle(Checker& checker, uint64_t id) : checker_(checker), id_(id) {}
  ~Handle() override { checker_.Abandon(id_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

 private:
  Checker& checker_;
  const uint64_t id_;
};

Checker::Checker(ingest::Loop& loop, Dialer& dialer, const ingest::Credentials& credentials, CheckServer check_server)
    : loop_(loop), dialer_(dialer), credentials_(credentials), check_server_(std::move(check_server)) {}

Checker::~Checker() { assert(running_.empty()); }

absl::StatusOr<std::unique_ptr<ingest::Check>> Checker::Start(const ingest::StreamSpec& spec,
                                                              const ingest::CheckOptions& options, Done done) {
  if (running_.size() >= kMaxChecks) {
    const std::string limit = std::to_string(kMaxChecks);
    return LimitReached(Limit::kChecks, kMaxChecks, Concat({limit, " checks run already: come back in a second"}));
  }
  const uint64_t id = ++last_id_;
  Running& running = running_[id];
  if (std::holds_alternative<ingest::ServerRole>(spec.role)) {
    running.server = loop_.RunAfter(std::chrono::nanoseconds(0),
                                    [this, id, spec, done = std::move(done)] { ReportServer(id, spec, done); });
  } else {
    running.client =
        std::make_unique<ConnectionCheck>(ConnectionCheck::Shared{loop_, dialer_, credentials_}, spec, options,
                                          ConnectionCheck::Calls{std::move(done), [this, id] { running_.erase(id); }});
  }
  return std::make_unique<Handle>(*this, id);
}

void Checker::ReportServer(uint64_t id, const ingest::StreamSpec& spec, const Done& done) {
  const Done call = done;
  ingest::CheckReport report = check_server_(spec);
  running_.erase(id);  // with the timer that holds `spec` and `done`
  call(std::move(report));
}

void Checker::Abandon(uint64_t id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return;
  // One that has reported closes in peace.
  if (found->second.client && found->second.client->reported()) return;
  running_.erase(found);
}

}  // namespace inlet::ws
