// One subscription as its user sees it: it survives lost connections and gives each record once.
#ifndef INLET_CLI_SUBSCRIPTION_H_
#define INLET_CLI_SUBSCRIPTION_H_

#include <grpcpp/support/status.h>

#include <chrono>
#include <functional>
#include <string>

#include "cli/outage.h"
#include "cli/stop.h"
#include "inlet/v1/inlet.grpc.pb.h"

namespace inlet::cli {

// All are called on the thread of Run.
struct SubscriptionHandlers {
  std::function<void(const v1::Record& record, const std::string& epoch)> on_record;
  std::function<void(const v1::Notice& notice)> on_notice;
  // A response has been handed over: time to flush.
  std::function<void()> on_response_end;
  // The call has ended, and is made again.
  std::function<void(const Outage& outage)> on_retry;
};

class Subscription {
 public:
  struct Backoff {
    std::chrono::milliseconds initial{250};
    std::chrono::milliseconds longest{2000};
    // After a restart of the service: how long whoever made the stream may take to make it again.
    std::chrono::milliseconds missing_stream{10'000};
    // The longest delay meanwhile.
    std::chrono::milliseconds missing_poll{1000};
  };

  // `stub` and `stop` outlive this.
  Subscription(v1::StreamService::StubInterface& stub, v1::SubscribeRequest request, SubscriptionHandlers handlers,
               Stop& stop, Backoff backoff);

  // Returns when the subscription has come to its end (max_records, stop_when_caught_up) or a stop was requested: OK,
  // or with the server's error. A first call that fails is not repeated: the user waits for an answer.
  grpc::Status Run();

  // After which record to go on. The epoch is empty before the first answer.
  const v1::Position& position() const { return position_; }

 private:
  struct CallEnd {
    grpc::Status status;
    bool has_started = false;
    bool has_ending = false;
    v1::Ending ending;
  };

  CallEnd RunCall();
  void Take(const v1::SubscribeResponse& response, CallEnd& end);
  void TakeNotice(const v1::Notice& notice, CallEnd& end);
  static Outage::Kind KindOf(const CallEnd& end);
  void TakeStarted(const v1::Started& started);
  void TakeRecord(const v1::Record& record);
  void MoveTo(uint64_t offset);
  bool HasAll() const { return limit_ > 0 && taken_ >= limit_; }
  bool MayRetry(const CallEnd& end) const;
  bool MayCome() const { return waited_for_stream_ < backoff_.missing_stream; }
  std::chrono::milliseconds NextDelay(const CallEnd& end);
  void PrepareResume();

  v1::StreamService::StubInterface& stub_;
  v1::SubscribeRequest request_;
  SubscriptionHandlers handlers_;
  Stop& stop_;
  Backoff backoff_;
  std::chrono::milliseconds delay_;
  std::chrono::milliseconds waited_for_stream_{0};
  v1::Position position_;
  uint64_t limit_;
  uint64_t taken_ = 0;
};

}  // namespace inlet::cli

#endif  // INLET_CLI_SUBSCRIPTION_H_
