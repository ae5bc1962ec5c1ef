// A SubscribeRequest, checked.
#ifndef INLET_SERVICE_RPC_SUBSCRIBE_OPTIONS_H_
#define INLET_SERVICE_RPC_SUBSCRIBE_OPTIONS_H_

#include <chrono>
#include <cstdint>

#include "absl/status/statusor.h"
#include "ingest/log_position.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::rpc {

// Which of a stream's logs is read.
enum class Channel { kRecords, kRejects };

struct SubscribeOptions {
  Channel channel = Channel::kRecords;
  ingest::Start start;
  bool data_view = true;  // never of rejects: their content is shown as it came
  bool fail_when_behind = false;
  bool stop_when_caught_up = false;
  uint64_t max_records = 0;  // 0: no end
  uint32_t max_batch_bytes = 256U << 10;
  std::chrono::nanoseconds heartbeat_interval = std::chrono::seconds(20);
  std::chrono::nanoseconds stall_timeout = std::chrono::seconds(30);
};

// INVALID_ARGUMENT (FIELD_INVALID) names the field at fault.
absl::StatusOr<SubscribeOptions> ReadSubscribeOptions(const v1::SubscribeRequest& request);

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_SUBSCRIBE_OPTIONS_H_
