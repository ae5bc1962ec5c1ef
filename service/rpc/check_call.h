// One CheckConnection call: from gRPC's thread to the control thread, to the loop, and back.
#ifndef INLET_SERVICE_RPC_CHECK_CALL_H_
#define INLET_SERVICE_RPC_CHECK_CALL_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "ingest/connection_checker.h"
#include "ingest/loop.h"
#include "inlet/v1/inlet.pb.h"
#include "service/check_target.h"
#include "service/control_thread.h"

namespace inlet::rpc {

// Frees itself when gRPC is done with it. All of its state is the loop's.
class CheckCall final : public grpc::ServerUnaryReactor, public std::enable_shared_from_this<CheckCall> {
 public:
  using Lease = std::shared_ptr<const void>;
  using Hold = std::function<absl::StatusOr<Lease>(const ingest::StreamSpec&)>;

  // All outlive the call.
  struct Environment {
    ingest::Loop& loop;
    ingest::ConnectionChecker& checker;
    service::ControlThread& control;
    const Hold& hold;  // may be null
  };

  // The call is answered when the check has reported. A caller who goes away ends the check.
  static CheckCall* Start(const Environment& environment, service::CheckTarget target,
                          const ingest::CheckOptions& options, v1::CheckConnectionResponse* response);

  void OnCancel() override;
  void OnDone() override;

 private:
  CheckCall(const Environment& environment, service::CheckTarget target, const ingest::CheckOptions& options,
            v1::CheckConnectionResponse* response);

  // Control thread.
  void HoldSecrets();
  // Any thread: to the loop.
  void PostEnd(const absl::Status& status);
  // Loop.
  void Check();
  void End(const absl::Status& status);

  const Environment environment_;
  const service::CheckTarget target_;
  const ingest::CheckOptions options_;
  const ingest::SteadyTime begin_;
  v1::CheckConnectionResponse* const response_;
  std::shared_ptr<CheckCall> self_;  // until OnDone
  Lease lease_;                      // written before the loop knows of the call
  std::unique_ptr<ingest::Check> check_;
  bool ended_ = false;
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_CHECK_CALL_H_
