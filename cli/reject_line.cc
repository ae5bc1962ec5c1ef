// A reject as JSON: what could not become a record, and why.
#include "cli/reject_line.h"

#include <google/protobuf/util/time_util.h>

#include "absl/strings/escaping.h"
#include "cli/struct_json.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

// A service may know more reasons than this program.
std::string ReasonText(v1::Reject::Reason reason) {
  return v1::Reject::Reason_IsValid(reason) ? v1::Reject::Reason_Name(reason) : std::to_string(reason);
}

void AppendContent(std::string& out, const v1::Reject& reject) {
  if (reject.content_case() == v1::Reject::kText) {
    out += ",\"text\":";
    AppendJsonText(out, reject.text());
  } else if (reject.content_case() == v1::Reject::kBinary) {
    out += Concat({",\"binary\":\"", absl::Base64Escape(reject.binary()), "\""});
  }
}

void AppendFields(std::string& out, const v1::Reject& reject) {
  out += Concat({"\"reason\":\"", ReasonText(reject.reason()), "\",\"detail\":"});
  AppendJsonText(out, reject.detail());
  out += Concat({",\"byteOffset\":", std::to_string(reject.byte_offset())});
  if (reject.has_index()) out += Concat({",\"index\":", std::to_string(reject.index())});
  out += Concat({",\"size\":", std::to_string(reject.size())});
  AppendContent(out, reject);
}

}  // namespace

std::string RejectJson(const v1::Reject& reject) {
  std::string out = "{";
  AppendFields(out, reject);
  return out + "}";
}

std::string RejectRecordJson(const v1::Record& record) {
  const std::string time = google::protobuf::util::TimeUtil::ToString(record.receive_time());
  std::string out = Concat({"{\"time\":\"", time, "\",\"connection\":", std::to_string(record.connection()), ","});
  AppendFields(out, record.reject());
  return out + "}";
}

}  // namespace inlet::cli
