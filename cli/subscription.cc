// One subscription as its user sees it: it survives lost connections and gives each record once.
#include "cli/subscription.h"

#include <google/protobuf/util/time_util.h>
#include <grpcpp/client_context.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace inlet::cli {

Subscription::Subscription(v1::StreamService::StubInterface& stub, v1::SubscribeRequest request,
                           SubscriptionHandlers handlers, Stop& stop, Backoff backoff)
    : stub_(stub),
      request_(std::move(request)),
      handlers_(std::move(handlers)),
      stop_(stop),
      backoff_(backoff),
      delay_(backoff.initial),
      limit_(request_.max_records()) {}

grpc::Status Subscription::Run() {
  while (true) {
    const CallEnd end = RunCall();
    if (stop_.requested() || HasAll()) return grpc::Status::OK;
    if (!MayRetry(end)) return end.status;
    Outage outage{KindOf(end),
                  end.has_ending ? end.ending.detail() : end.status.error_message(),
                  {},
                  backoff_.missing_stream - waited_for_stream_};
    outage.delay = NextDelay(end);
    handlers_.on_retry(outage);
    if (stop_.WaitFor(outage.delay)) return grpc::Status::OK;
    PrepareResume();
  }
}

Outage::Kind Subscription::KindOf(const CallEnd& end) {
  if (end.has_ending) return end.ending.reason() == v1::DRAINING ? Outage::Kind::kStopping : Outage::Kind::kCut;
  switch (end.status.error_code()) {
    case grpc::StatusCode::NOT_FOUND:
      return Outage::Kind::kMissing;
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::CANCELLED:
      return end.has_started ? Outage::Kind::kLost : Outage::Kind::kUnreachable;
    default:
      return Outage::Kind::kCut;
  }
}

Subscription::CallEnd Subscription::RunCall() {
  CallEnd end;
  const auto context = std::make_shared<grpc::ClientContext>();
  stop_.SetCancel([context] { context->TryCancel(); });
  const auto reader = stub_.Subscribe(context.get(), request_);
  v1::SubscribeResponse response;
  while (reader->Read(&response)) {
    Take(response, end);
    if (HasAll() || stop_.requested()) context->TryCancel();
  }
  end.status = reader->Finish();
  stop_.SetCancel(nullptr);
  return end;
}

void Subscription::Take(const v1::SubscribeResponse& response, CallEnd& end) {
  if (response.has_notice()) TakeNotice(response.notice(), end);
  for (const v1::Record& record : response.records()) {
    if (HasAll() || stop_.requested()) break;
    TakeRecord(record);
  }
  handlers_.on_response_end();
}

void Subscription::TakeNotice(const v1::Notice& notice, CallEnd& end) {
  if (notice.has_started()) {
    end.has_started = true;
    TakeStarted(notice.started());
  }
  // What is gone for good is behind us: a resumed call must not tell of it again.
  if (notice.has_gap() && notice.gap().cause() == v1::Gap::EVICTED) MoveTo(notice.gap().last_offset());
  if (notice.has_ending()) {
    end.has_ending = true;
    end.ending = notice.ending();
  }
  handlers_.on_notice(notice);
}

void Subscription::TakeStarted(const v1::Started& started) {
  delay_ = backoff_.initial;
  waited_for_stream_ = {};
  const uint64_t before_start = started.start_offset() > 0 ? started.start_offset() - 1 : 0;
  if (position_.epoch() == started.epoch()) return;
  position_.set_epoch(started.epoch());
  position_.set_offset(before_start);
}

void Subscription::TakeRecord(const v1::Record& record) {
  if (record.offset() <= position_.offset()) return;
  position_.set_offset(record.offset());
  ++taken_;
  handlers_.on_record(record, position_.epoch());
}

void Subscription::MoveTo(uint64_t offset) { position_.set_offset(std::max(position_.offset(), offset)); }

bool Subscription::MayRetry(const CallEnd& end) const {
  if (position_.epoch().empty()) return false;
  if (end.has_ending) return end.ending.retry();
  switch (end.status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    // A reader too slow for the service: whoever reads our output has paused.
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return true;
    // A deletion while we were subscribed would have been an ending.
    case grpc::StatusCode::NOT_FOUND:
      return MayCome();
    default:
      return false;
  }
}

std::chrono::milliseconds Subscription::NextDelay(const CallEnd& end) {
  const bool is_missing = KindOf(end) == Outage::Kind::kMissing;
  const std::chrono::milliseconds delay = is_missing ? std::min(delay_, backoff_.missing_poll) : delay_;
  delay_ = std::min(delay_ * 2, backoff_.longest);
  if (is_missing) waited_for_stream_ += delay;
  if (!end.has_ending || !end.ending.has_retry_delay()) return delay;
  const int64_t advice = google::protobuf::util::TimeUtil::DurationToMilliseconds(end.ending.retry_delay());
  return std::max(delay, std::chrono::milliseconds(advice));
}

void Subscription::PrepareResume() {
  *request_.mutable_after() = position_;
  if (limit_ > 0) request_.set_max_records(static_cast<uint32_t>(limit_ - taken_));
}

}  // namespace inlet::cli
