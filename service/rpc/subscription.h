// What one subscription sends next. No gRPC and no threads: its owner serializes the calls and does what a step says.
#ifndef INLET_SERVICE_RPC_SUBSCRIPTION_H_
#define INLET_SERVICE_RPC_SUBSCRIPTION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "ingest/record_log.h"
#include "ingest/view_cache.h"
#include "inlet/v1/inlet.pb.h"
#include "service/rpc/subscribe_options.h"

namespace inlet::rpc {

// What is read.
struct SubscribeTarget {
  std::string stream;
  std::shared_ptr<ingest::RecordLog> log;
  ingest::WallTime stream_create_time;
};

struct Step {
  enum class Kind {
    kRecords,  // send `bytes`, a serialized response that `owner` keeps alive
    kNotice,   // send `notice`
    kRender,   // have `source` rendered, then ask again
    kWait,     // nothing now; the reader given to Next is waiting at the log
    kEnd,      // send `notice` if there is one, then end with `status`
  };
  Kind kind = Kind::kWait;
  std::shared_ptr<const void> owner;
  std::string_view bytes;
  std::optional<v1::Notice> notice;
  ingest::Batch source;
  absl::Status status;
};

class Subscription {
 public:
  // Resolves the start; OUT_OF_RANGE as ResolveStart. `views` outlives the subscription.
  static absl::StatusOr<std::unique_ptr<Subscription>> Begin(SubscribeOptions options, SubscribeTarget target,
                                                             ingest::ViewCache& views);

  // The next step. What was handed out counts as sent. A null `reader` never waits at the log (kWait then means that it
  // is waiting already).
  Step Next(const std::shared_ptr<ingest::LogReader>& reader);

  // The next step with nothing else to send is a heartbeat.
  void RequestHeartbeat() { heartbeat_due_ = true; }

  ingest::RecordLog& log() const { return *target_.log; }

 private:
  Subscription(SubscribeOptions options, SubscribeTarget target, ingest::ViewCache& views)
      : options_(std::move(options)), target_(std::move(target)), views_(views) {}

  absl::Status ResolveStartPoint();
  // A notice or the end, if one is due before the log is read.
  std::optional<Step> Due();
  ingest::ReadLimits Limits() const;
  Step OnRecords(const ingest::Batch& batch);
  Step OnDataView(ingest::Batch batch);
  std::optional<Step> OnEvicted(const ingest::ReadResult& result);
  Step Heartbeat();
  Step End(ingest::CloseReason reason) const;

  const SubscribeOptions options_;
  const SubscribeTarget target_;
  ingest::ViewCache& views_;

  ingest::Cursor cursor_;
  // What is being rendered, or was and is not sent yet. It is sent even if the log has evicted it meanwhile: a reader
  // at the oldest end of a flooded log would else render for ever what is gone when it comes back for it.
  std::optional<ingest::Batch> rendered_;
  uint64_t start_offset_ = 1;
  uint64_t caught_up_offset_ = 1;  // next_offset when the call began
  uint64_t sent_records_ = 0;
  ingest::LogState seen_state_;
  bool caught_up_ = false;
  bool heartbeat_due_ = false;
  std::optional<v1::Notice> started_;
  std::optional<ingest::ReaderGap> gap_;
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_SUBSCRIPTION_H_
