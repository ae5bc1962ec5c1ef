// What the contract says of a check: deadlines, durations, and the report.
#include "service/rpc/check_convert.h"

#include <algorithm>

#include "ingest/error.h"
#include "service/rpc/convert.h"

namespace inlet::rpc {
namespace {

using std::chrono::nanoseconds;

constexpr std::chrono::seconds kDefaultDeadline{10};
constexpr std::chrono::milliseconds kLeastMargin{250};
constexpr std::chrono::minutes kLongest{5};
constexpr int kMarginShare = 10;
// Of a deadline that leaves no margin.
constexpr int kPatienceShare = 4;

nanoseconds Patience(nanoseconds remaining) {
  const nanoseconds margin = std::max<nanoseconds>(remaining / kMarginShare, kLeastMargin);
  const nanoseconds patience = std::max(remaining - margin, remaining / kPatienceShare);
  return std::clamp<nanoseconds>(patience, nanoseconds(0), kLongest);
}

google::protobuf::Duration ToDuration(nanoseconds duration) {
  constexpr int64_t kBillion = 1'000'000'000;
  google::protobuf::Duration result;
  result.set_seconds(duration.count() / kBillion);
  result.set_nanos(static_cast<int32_t>(duration.count() % kBillion));
  return result;
}

}  // namespace

std::optional<nanoseconds> RemainingTime(const grpc::CallbackServerContext& context) {
  const auto deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return std::nullopt;
  return std::max<nanoseconds>(deadline - std::chrono::system_clock::now(), nanoseconds(0));
}

absl::StatusOr<ingest::CheckOptions> ReadCheckOptions(const v1::CheckConnectionRequest& request,
                                                      std::optional<nanoseconds> remaining) {
  const google::protobuf::Duration& wait = request.wait_for_message();
  const std::chrono::seconds longest = kLongest;
  const bool is_valid =
      wait.seconds() >= 0 && wait.nanos() >= 0 && wait.nanos() < 1'000'000'000 && wait.seconds() <= longest.count();
  if (!is_valid) {
    return FieldInvalid("wait_for_message", "wait_for_message: must be a duration from 0s to 300s, such as 5s");
  }
  return ingest::CheckOptions{std::chrono::seconds(wait.seconds()) + nanoseconds(wait.nanos()),
                              Patience(remaining.value_or(kDefaultDeadline))};
}

v1::CheckConnectionResponse ToResponse(const ingest::CheckReport& report) {
  v1::CheckConnectionResponse response;
  response.set_reachable(report.reachable);
  response.set_hint(report.hint);
  for (const ingest::CheckStage& stage : report.stages) {
    v1::CheckConnectionResponse::Stage& shown = *response.add_stages();
    shown.set_name(stage.name);
    shown.set_ok(stage.ok);
    *shown.mutable_duration() = ToDuration(stage.duration);
    shown.set_detail(stage.detail);
  }
  response.set_endpoint(report.endpoint);
  response.set_tls_version(report.tls_version);
  response.set_certificate_subject(report.certificate_subject);
  response.set_certificate_issuer(report.certificate_issuer);
  if (report.certificate_expire_time) {
    *response.mutable_certificate_expire_time() = ToTimestamp(*report.certificate_expire_time);
  }
  response.set_http_status(static_cast<uint32_t>(report.http_status));
  for (const ingest::HttpHeader& header : report.response_headers) {
    (*response.mutable_response_header())[header.name] = header.value;
  }
  response.set_subprotocol(report.subprotocol);
  response.set_extensions(report.extensions);
  response.set_first_message(report.first_message);
  return response;
}

}  // namespace inlet::rpc
