// A SubscribeRequest, checked: every field has its range, and an error names the field.
#include "service/rpc/subscribe_options.h"

#include <string>
#include <string_view>

#include "ingest/error.h"
#include "ingest/text.h"

namespace inlet::rpc {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr uint32_t kMinBatchBytes = 4U << 10;
constexpr uint32_t kMaxBatchBytes = 256U << 10;
constexpr nanoseconds kShortest = seconds(1);
constexpr nanoseconds kLongest = std::chrono::minutes(10);
constexpr int32_t kNanosPerSecond = 1'000'000'000;
// What sys_time<nanoseconds> can hold, with room to add: the years 1678 to 2262 less a little.
constexpr int64_t kLargestSecond = 9'000'000'000;

absl::StatusOr<nanoseconds> ReadInterval(std::string_view field, const google::protobuf::Duration& duration) {
  const bool sane = duration.seconds() >= 0 && duration.seconds() <= 3600 && duration.nanos() >= 0;
  const nanoseconds value = sane ? seconds(duration.seconds()) + nanoseconds(duration.nanos()) : nanoseconds(-1);
  if (value < kShortest || value > kLongest) return FieldInvalid(field, Concat({field, " must be from 1s to 600s"}));
  return value;
}

absl::StatusOr<ingest::Start> ReadSince(const google::protobuf::Timestamp& time) {
  const bool sane = time.seconds() > -kLargestSecond && time.seconds() < kLargestSecond && time.nanos() >= 0 &&
                    time.nanos() < kNanosPerSecond;
  if (!sane) return FieldInvalid("since", "since is not a valid time: write it as 2026-01-31T12:00:00Z");
  return ingest::StartSince{ingest::WallTime(seconds(time.seconds()) + nanoseconds(time.nanos()))};
}

absl::StatusOr<ingest::Start> ReadStart(const v1::SubscribeRequest& request) {
  switch (request.start_case()) {
    case v1::SubscribeRequest::kEarliest:
      if (request.earliest()) return ingest::StartEarliest{};
      return FieldInvalid("earliest", "earliest: false means nothing; leave it out to start with the next record");
    case v1::SubscribeRequest::kAfter:
      return ingest::StartAfter{request.after().epoch(), request.after().offset()};
    case v1::SubscribeRequest::kSince:
      return ReadSince(request.since());
    case v1::SubscribeRequest::kLast:
      if (request.last() > 0) return ingest::StartLast{request.last()};
      return FieldInvalid("last", "last: 0 means nothing; leave it out to start with the next record");
    case v1::SubscribeRequest::START_NOT_SET:
      break;
  }
  return ingest::StartNext{};
}

absl::Status ReadEnums(const v1::SubscribeRequest& request, SubscribeOptions& options) {
  if (!v1::SubscribeRequest::Encoding_IsValid(request.encoding())) {
    return FieldInvalid("encoding", "encoding must be DATA or JSON");
  }
  if (!v1::SubscribeRequest::WhenBehind_IsValid(request.when_behind())) {
    return FieldInvalid("when_behind", "when_behind must be SKIP or FAIL");
  }
  if (!v1::SubscribeRequest::Channel_IsValid(request.channel())) {
    return FieldInvalid("channel", "channel must be RECORDS or REJECTS");
  }
  const bool rejects = request.channel() == v1::SubscribeRequest::REJECTS;
  options.channel = rejects ? Channel::kRejects : Channel::kRecords;
  options.data_view = !rejects && request.encoding() != v1::SubscribeRequest::JSON;
  options.fail_when_behind = request.when_behind() == v1::SubscribeRequest::FAIL;
  return absl::OkStatus();
}

absl::Status ReadBatchBytes(const v1::SubscribeRequest& request, SubscribeOptions& options) {
  if (request.max_batch_bytes() == 0) return absl::OkStatus();
  if (request.max_batch_bytes() < kMinBatchBytes || request.max_batch_bytes() > kMaxBatchBytes) {
    return FieldInvalid("max_batch_bytes", "max_batch_bytes must be from 4096 to 262144, or 0 for the most");
  }
  options.max_batch_bytes = request.max_batch_bytes();
  return absl::OkStatus();
}

absl::Status ReadIntervals(const v1::SubscribeRequest& request, SubscribeOptions& options) {
  if (request.has_heartbeat_interval()) {
    const auto interval = ReadInterval("heartbeat_interval", request.heartbeat_interval());
    if (!interval.ok()) return interval.status();
    options.heartbeat_interval = *interval;
  }
  if (request.has_stall_timeout()) {
    const auto timeout = ReadInterval("stall_timeout", request.stall_timeout());
    if (!timeout.ok()) return timeout.status();
    options.stall_timeout = *timeout;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SubscribeOptions> ReadSubscribeOptions(const v1::SubscribeRequest& request) {
  SubscribeOptions options;
  if (request.stream().empty()) return FieldInvalid("stream", "stream is missing: name the stream to read");
  const auto start = ReadStart(request);
  if (!start.ok()) return start.status();
  options.start = *start;
  options.max_records = request.max_records();
  options.stop_when_caught_up = request.stop_when_caught_up();
  for (const auto& read : {ReadEnums, ReadBatchBytes, ReadIntervals}) {
    if (absl::Status status = read(request, options); !status.ok()) return status;
  }
  return options;
}

}  // namespace inlet::rpc
