// Notices of a subscription in words.
#include "cli/notice_text.h"

#include <google/protobuf/util/time_util.h>

#include "cli/words.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

using google::protobuf::util::TimeUtil;

std::string Offsets(const v1::Gap& gap) {
  if (gap.first_offset() == 0 || gap.last_offset() == 0) return "records";
  if (gap.first_offset() == gap.last_offset()) return Concat({"record ", std::to_string(gap.first_offset())});
  return Concat({"records ", std::to_string(gap.first_offset()), " to ", std::to_string(gap.last_offset())});
}

std::string Times(const v1::Gap& gap) {
  std::string text;
  if (gap.has_start_time()) text += Concat({" from ", TimeUtil::ToString(gap.start_time())});
  if (gap.has_end_time()) text += Concat({" until ", TimeUtil::ToString(gap.end_time())});
  return text;
}

std::string DescribeGap(const v1::Gap& gap) {
  if (!gap.detail().empty()) return Concat({"gap: ", gap.detail(), Times(gap).empty() ? "" : ";", Times(gap)});
  return Concat({"gap: ", Offsets(gap), " missing", Times(gap)});
}

std::string_view OutageText(Outage::Kind kind) {
  switch (kind) {
    case Outage::Kind::kStopping:
      return "the service is stopping";
    case Outage::Kind::kLost:
      return "the connection was lost";
    case Outage::Kind::kUnreachable:
      return "the service cannot be reached";
    case Outage::Kind::kMissing:
      return "the stream is missing";
    case Outage::Kind::kCut:
      return "the subscription was cut";
  }
  return "";
}

// A state may need no reason, as that of a stream that listens.
std::string StateWords(v1::StreamStatus::State state, const std::string& reason) {
  const bool is_known = state != v1::StreamStatus::STATE_UNSPECIFIED && v1::StreamStatus::State_IsValid(state);
  return reason.empty() && is_known ? LowerCase(v1::StreamStatus::State_Name(state)) : reason;
}

// A connection that broke off may be told by the name of its code alone, and the end of the service needs no words.
bool HasWords(const Outage& outage) {
  const bool told_already = outage.kind == Outage::Kind::kStopping || outage.kind == Outage::Kind::kMissing;
  return !told_already && !outage.why.empty() && outage.why != "CANCELLED";
}

}  // namespace

std::string NoticeText::Describe(const v1::Notice& notice) {
  switch (notice.kind_case()) {
    case v1::Notice::kStarted:
      return DescribeStarted(notice.started());
    case v1::Notice::kGap:
      return DescribeGap(notice.gap());
    case v1::Notice::kHeartbeat:
      return DescribeHeartbeat(notice.heartbeat());
    // An ending is told with the new attempt, or as the error that it is.
    default:
      return {};
  }
}

std::string NoticeText::DescribeRetry(const Outage& outage) {
  const std::string what = Concat({OutageText(outage.kind), HasWords(outage) ? Concat({": ", outage.why}) : ""});
  if (what == last_outage_) return {};
  last_outage_ = what;
  if (outage.kind == Outage::Kind::kMissing) {
    return Concat({"connected again, but there is no stream ", stream_, "; waiting ", DurationText(outage.patience),
                   " for it to be made again"});
  }
  return Concat({what, "; trying again in ", DurationText(outage.delay)});
}

std::string NoticeText::DescribeStarted(const v1::Started& started) {
  last_outage_.clear();
  state_ = StateWords(started.state(), started.reason());
  const std::string start = std::to_string(started.start_offset());
  if (has_started_) return Concat({"resumed at ", started.epoch(), ":", start});
  has_started_ = true;
  const uint64_t kept = started.next_offset() - started.first_offset();
  return Concat({"subscribed to ", stream_, ", from ", started.epoch(), ":", start, "; ", std::to_string(kept),
                 kept == 1 ? " record" : " records", " kept", state_.empty() ? "" : "; ", state_});
}

std::string NoticeText::DescribeHeartbeat(const v1::Heartbeat& heartbeat) {
  const std::string state = StateWords(heartbeat.state(), heartbeat.reason());
  if (state == state_) return {};
  state_ = state;
  return state.empty() ? std::string() : Concat({stream_, ": ", state});
}

std::string ResumePosition(const v1::Position& position) {
  return Concat({position.epoch(), ":", std::to_string(position.offset() + 1)});
}

std::string DurationText(std::chrono::milliseconds duration) {
  if (duration.count() < 1000) return Concat({std::to_string(duration.count()), "ms"});
  const int64_t tenths = duration.count() / 100;
  const std::string fraction = tenths % 10 == 0 ? std::string() : Concat({".", std::to_string(tenths % 10)});
  return Concat({std::to_string(tenths / 10), fraction, "s"});
}

}  // namespace inlet::cli
