// The contract's ConnectionService: takes calls, hands them to the loop, and answers.
#include "service/rpc/connection_service.h"

#include <string>
#include <utility>

#include "ingest/limit_error.h"
#include "ingest/text.h"
#include "service/rpc/check_call.h"
#include "service/rpc/check_convert.h"
#include "service/rpc/connection_requests.h"
#include "service/rpc/control_call.h"
#include "service/rpc/loop_answer.h"

namespace inlet::rpc {
namespace {

absl::Status TooManyWait() {
  return LimitReached(Limit::kWaitingCalls, ConnectionService::kMostWaitingCalls,
                      Concat({"too many calls about connections are waiting (the limit is ",
                              std::to_string(ConnectionService::kMostWaitingCalls),
                              "): send fewer at a time, or come back in a second"}));
}

absl::Status TooMuchWaits() {
  return LimitReached(
      Limit::kWaitingBytes, ConnectionService::kMostWaitingBytes,
      Concat({"too many texts to send are waiting (the limit is ", std::to_string(ConnectionService::kMostWaitingBytes),
              " bytes in all): send fewer at a time, or come back in a second"}));
}

// Counts a call from its arrival until the loop has made it or dropped it.
class WaitingCall {
 public:
  WaitingCall(std::shared_ptr<ConnectionService::Waiting> waiting, size_t bytes)
      : waiting_(std::move(waiting)),
        bytes_(bytes),
        calls_with_it_(waiting_->calls.fetch_add(1) + 1),
        bytes_with_it_(waiting_->bytes.fetch_add(bytes) + bytes) {}
  ~WaitingCall() {
    waiting_->calls.fetch_sub(1);
    waiting_->bytes.fetch_sub(bytes_);
  }
  WaitingCall(const WaitingCall&) = delete;
  WaitingCall& operator=(const WaitingCall&) = delete;

  absl::Status Admission() const {
    if (calls_with_it_ > ConnectionService::kMostWaitingCalls) return TooManyWait();
    return bytes_with_it_ > ConnectionService::kMostWaitingBytes ? TooMuchWaits() : absl::OkStatus();
  }

 private:
  const std::shared_ptr<ConnectionService::Waiting> waiting_;
  const size_t bytes_;
  const uint32_t calls_with_it_;
  const size_t bytes_with_it_;
};

}  // namespace

ConnectionService::ConnectionService(Options options) : options_(std::move(options)) {}

grpc::ServerUnaryReactor* ConnectionService::CheckConnection(grpc::CallbackServerContext* context,
                                                             const v1::CheckConnectionRequest* request,
                                                             v1::CheckConnectionResponse* response) {
  absl::StatusOr<service::CheckTarget> target = service::ReadCheckTarget(*request, options_.sources);
  const auto check = ReadCheckOptions(*request, RemainingTime(*context));
  if (!target.ok() || !check.ok()) return FinishNow(context, target.ok() ? check.status() : target.status());
  return CheckCall::Start({*options_.loop, *options_.checker, *options_.control, options_.hold}, *std::move(target),
                          *check, response);
}

grpc::ServerUnaryReactor* ConnectionService::ListConnections(grpc::CallbackServerContext* context,
                                                             const v1::ListConnectionsRequest* request,
                                                             v1::ListConnectionsResponse* response) {
  const auto page = ReadConnectionsPage(*request);
  if (!page.ok()) return FinishNow(context, page.status());
  auto stream = Find(request->stream());
  if (!stream.ok()) return FinishNow(context, stream.status());
  return OnLoop(context, 0, [stream = *std::move(stream), page = *page, response] {
    *response = ToResponse(stream->ListConnections(page.after, page.size + 1), page);
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ConnectionService::CloseConnection(grpc::CallbackServerContext* context,
                                                             const v1::CloseConnectionRequest* request,
                                                             v1::CloseConnectionResponse* /*response*/) {
  auto order = ReadCloseOrder(*request);
  if (!order.ok()) return FinishNow(context, order.status());
  auto stream = Find(request->stream());
  if (!stream.ok()) return FinishNow(context, stream.status());
  return OnLoop(context, 0, [stream = *std::move(stream), order = *std::move(order)] {
    return stream->CloseConnection(order.connection, order.code, order.reason);
  });
}

grpc::ServerUnaryReactor* ConnectionService::Send(grpc::CallbackServerContext* context, const v1::SendRequest* request,
                                                  v1::SendResponse* response) {
  auto stream = Find(request->stream());
  if (!stream.ok()) return FinishNow(context, stream.status());
  auto target = ReadSendTarget(*request, *(*stream)->spec());
  if (!target.ok()) return FinishNow(context, target.status());
  // The request lives until the answer.
  return OnLoop(context, request->text().size(),
                [stream = *std::move(stream), target = *std::move(target), request, response] {
                  const absl::StatusOr<ingest::SendResult> result = stream->Send(target, request->text());
                  if (!result.ok()) return result.status();
                  response->set_sent(result->sent);
                  response->set_refused(result->refused);
                  return absl::OkStatus();
                });
}

absl::StatusOr<std::shared_ptr<ingest::Stream>> ConnectionService::Find(const std::string& name) const {
  if (absl::Status given = CheckStreamGiven(name); !given.ok()) return given;
  const absl::StatusOr<service::StreamEntryPtr> entry = options_.sources.find(name);
  if (!entry.ok()) return entry.status();
  return (*entry)->stream;
}

grpc::ServerUnaryReactor* ConnectionService::OnLoop(grpc::CallbackServerContext* context, size_t bytes,
                                                    std::function<absl::Status()> call) const {
  auto waiting = std::make_shared<WaitingCall>(waiting_, bytes);
  if (absl::Status admission = waiting->Admission(); !admission.ok()) return FinishNow(context, admission);
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  auto answer = std::make_shared<LoopAnswer>(reactor);
  options_.loop->Post([waiting = std::move(waiting), answer = std::move(answer), call = std::move(call)]() mutable {
    const absl::Status status = call();
    waiting.reset();  // before the answer: who has it may call again
    answer->Send(status);
  });
  return reactor;
}

}  // namespace inlet::rpc
