// One CheckConnection call: from gRPC's thread to the control thread, to the loop, and back.
#include "service/rpc/check_call.h"

#include <algorithm>
#include <utility>

#include "service/rpc/check_convert.h"
#include "service/rpc/error_mapping.h"

namespace inlet::rpc {

CheckCall* CheckCall::Start(const Environment& environment, service::CheckTarget target,
                            const ingest::CheckOptions& options, v1::CheckConnectionResponse* response) {
  const std::shared_ptr<CheckCall> call(new CheckCall(environment, std::move(target), options, response));
  call->self_ = call;
  // The secrets of an existing stream are in memory: its entry holds them.
  const bool needs_secrets = environment.hold && !call->target_.existing;
  if (!needs_secrets) {
    environment.loop.Post([call] { call->Check(); });
    return call.get();
  }
  const absl::Status posted = environment.control.Post([call] { call->HoldSecrets(); });
  if (!posted.ok()) call->PostEnd(posted);
  return call.get();
}

CheckCall::CheckCall(const Environment& environment, service::CheckTarget target, const ingest::CheckOptions& options,
                     v1::CheckConnectionResponse* response)
    : environment_(environment),
      target_(std::move(target)),
      options_(options),
      begin_(std::chrono::steady_clock::now()),
      response_(response) {}

void CheckCall::HoldSecrets() {
  absl::StatusOr<Lease> lease = environment_.hold(target_.spec);
  if (!lease.ok()) return PostEnd(lease.status());
  lease_ = *std::move(lease);
  environment_.loop.Post([call = shared_from_this()] { call->Check(); });
}

void CheckCall::PostEnd(const absl::Status& status) {
  environment_.loop.Post([call = shared_from_this(), status] { call->End(status); });
}

void CheckCall::Check() {
  if (ended_) return;
  ingest::CheckOptions options = options_;
  const auto waited = std::chrono::steady_clock::now() - begin_;
  options.patience = std::max<std::chrono::nanoseconds>(options.patience - waited, std::chrono::milliseconds(1));
  auto check = environment_.checker.Start(target_.spec, options, [this](const ingest::CheckReport& report) {
    *response_ = ToResponse(report);
    End(absl::OkStatus());
  });
  if (!check.ok()) return End(check.status());
  check_ = *std::move(check);
}

void CheckCall::End(const absl::Status& status) {
  if (std::exchange(ended_, true)) return;
  const std::shared_ptr<CheckCall> alive = shared_from_this();  // `check_` may hold the caller
  check_.reset();
  Finish(ToGrpcStatus(status));
}

void CheckCall::OnCancel() { PostEnd(absl::CancelledError("the caller has gone")); }

void CheckCall::OnDone() { self_.reset(); }

}  // namespace inlet::rpc
