// Streams as people read them.
#include "cli/stream_text.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <map>

#include "cli/message_json.h"
#include "cli/notice_text.h"
#include "cli/terminal.h"
#include "cli/time_text.h"
#include "cli/words.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

using google::protobuf::util::TimeUtil;
using Now = std::chrono::system_clock::time_point;

std::string RoleText(v1::Stream::Role role) { return LowerCase(v1::Stream::Role_Name(role)); }

// The settings without line breaks, for one cell.
std::string Compact(const google::protobuf::Message& message) {
  std::string json = CompactJson(message);
  return json == "{}" ? std::string() : json;
}

std::string StateText(const v1::StreamStatus& status) {
  std::string text = LowerCase(v1::StreamStatus::State_Name(status.state()));
  if (status.has_since()) text += Concat({" since ", TimeUtil::ToString(status.since())});
  return status.reason().empty() ? text : Concat({text, ": ", status.reason()});
}

// "in 12s, attempt 3" while a dial is due, "attempt 3" while one runs.
std::string RetryText(const v1::StreamStatus& status, Now now) {
  std::string attempt = status.attempt() > 0 ? Concat({"attempt ", std::to_string(status.attempt())}) : std::string();
  if (!status.has_retry_time()) return attempt;
  const auto since_1970 = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  const int64_t seconds = std::max<int64_t>(0, status.retry_time().seconds() - since_1970);
  return Concat({"in ", std::to_string(seconds), "s, at ", TimeUtil::ToString(status.retry_time()),
                 attempt.empty() ? "" : "; ", attempt, attempt.empty() ? "" : " failed"});
}

std::string LastErrorText(const v1::StreamStatus& status, Now now) {
  if (status.last_error().empty()) return {};
  const bool is_told = status.last_error() == status.reason();
  return Concat(
      {Ago(status.last_error_time(), now), ": ", is_told ? std::string_view("as above") : status.last_error()});
}

std::string ConnectionsText(v1::Stream::Role role, const v1::StreamStatus& status, Now now) {
  if (role == v1::Stream::CLIENT) {
    return Concat({Grouped(status.connections()), " open, ", Grouped(status.connects()), " made"});
  }
  std::string text = Concat({Grouped(status.connections()), " open, ", Grouped(status.connects()), " accepted, ",
                             Grouped(status.refused()), " refused"});
  if (!status.last_refusal().empty()) {
    text += Concat({" (last ", Ago(status.last_refusal_time(), now), ": ", status.last_refusal(), ")"});
  }
  return text;
}

std::string LastCloseText(const v1::StreamStatus& status) {
  if (status.last_close_code() == 0) return {};
  const std::string& reason = status.last_close_reason();
  return Concat({std::to_string(status.last_close_code()), reason.empty() ? "" : " ", reason});
}

std::string RecordsText(const v1::StreamStatus& status, Now now) {
  std::string text = Concat({Grouped(status.records()), " from ", Grouped(status.messages()), " messages, ",
                             Bytes(status.bytes()), " in all"});
  if (status.has_last_record_time()) text += Concat({", last ", Ago(status.last_record_time(), now)});
  return text;
}

std::string RejectsText(const v1::StreamStatus& status, Now now) {
  if (status.rejects() == 0) return "none";
  // In the order of their names, which a map does not keep.
  const std::map<std::string, uint64_t> by_reason(status.rejects_by_reason().begin(), status.rejects_by_reason().end());
  std::string reasons;
  for (const auto& [reason, count] : by_reason) {
    reasons += Concat({reasons.empty() ? " (" : ", ", Grouped(count), " ", reason});
  }
  return Concat({Grouped(status.rejects()), reasons, reasons.empty() ? "" : ")", ", last ",
                 Ago(status.last_reject_time(), now), ": ", status.last_reject()});
}

std::string LogText(const v1::StreamStatus& status) {
  const uint64_t kept = status.next_offset() - status.first_offset();
  std::string text = Concat({Grouped(kept), " records, ", Bytes(status.retained_bytes()), ", epoch ", status.epoch()});
  if (kept > 0) {
    text +=
        Concat({", offsets ", std::to_string(status.first_offset()), " to ", std::to_string(status.next_offset() - 1)});
  }
  return Concat({text, "; ", Grouped(status.evicted()), " evicted"});
}

std::string LabelsText(const v1::Stream& stream) {
  const std::map<std::string, std::string> sorted(stream.labels().begin(), stream.labels().end());
  std::string text;
  for (const auto& [key, value] : sorted) text += Concat({text.empty() ? "" : " ", key, "=", value});
  return text;
}

void Add(std::vector<Row>& rows, std::string_view label, std::string_view value) {
  if (!value.empty()) rows.push_back({Concat({"  ", label}), Harmless(value)});
}

void AddStatus(std::vector<Row>& rows, v1::Stream::Role role, const v1::StreamStatus& status, Now now) {
  Add(rows, "state", StateText(status));
  Add(rows, "dial", RetryText(status, now));
  Add(rows, "last error", LastErrorText(status, now));
  Add(rows, "endpoint", status.endpoint());
  Add(rows, "connections", ConnectionsText(role, status, now));
  Add(rows, "last close", LastCloseText(status));
  Add(rows, "received", RecordsText(status, now));
  Add(rows, "ignored", status.ignored() > 0 ? Concat({Grouped(status.ignored()), " messages"}) : std::string());
  Add(rows, "rejects", RejectsText(status, now));
  Add(rows, "kept", LogText(status));
  Add(rows, "subscribers", Grouped(status.subscribers()));
}

// As the contract: unset, it depends on the path.
std::string OriginText(const v1::Stream& stream) {
  if (stream.has_record_origin()) return stream.record_origin() ? "in each record" : "in no record";
  const bool has_variables = stream.datasource().find('{') != std::string::npos;
  const bool is_server = stream.role() == v1::Stream::SERVER;
  return is_server && has_variables ? "in each record: the path has variables" : "";
}

}  // namespace

std::string ListText(const std::vector<v1::Stream>& streams) {
  std::vector<Row> rows = {{"NAME", "ROLE", "STATE", "ENDPOINT", "CONNECTIONS", "RECORDS"}};
  for (const v1::Stream& stream : streams) {
    const v1::StreamStatus& status = stream.status();
    rows.push_back({stream.name(), RoleText(stream.role()), LowerCase(v1::StreamStatus::State_Name(status.state())),
                    status.endpoint(), std::to_string(status.connections()), std::to_string(status.records())});
  }
  return FormatTable(rows, {4, 5});
}

std::string ShowText(const v1::Stream& stream, Now now) {
  std::vector<Row> rows = {{stream.name()}};
  Add(rows, "role", RoleText(stream.role()));
  if (stream.has_status()) AddStatus(rows, stream.role(), stream.status(), now);
  Add(rows, "description", stream.description());
  Add(rows, "labels", LabelsText(stream));
  Add(rows, "datasource", stream.datasource());
  Add(rows, "conf key", stream.conf_key());
  Add(rows, "settings", Compact(stream.settings()));
  Add(rows, "in effect", Compact(stream.effective_settings()));
  Add(rows, "retention", Compact(stream.retention()));
  Add(rows, "schema", Compact(stream.schema()));
  Add(rows, "origin", OriginText(stream));
  Add(rows, "etag", stream.etag());
  Add(rows, "created", stream.has_create_time() ? TimeUtil::ToString(stream.create_time()) : std::string());
  Add(rows, "updated", stream.has_update_time() ? TimeUtil::ToString(stream.update_time()) : std::string());
  Add(rows, "statement", stream.sql());
  for (const std::string& warning : stream.warnings()) Add(rows, "warning", warning);
  // The name stands alone: it must not widen the column of labels.
  const std::string heading = stream.name() + "\n";
  rows.erase(rows.begin());
  return heading + FormatTable(rows, {});
}

std::string CreatedText(const v1::Stream& stream, Creation creation, const std::string& address_option) {
  if (creation == Creation::kValidated) return Concat({stream.name(), " is valid; nothing was made\n"});
  const std::string what = creation == Creation::kNew ? Concat({"created ", stream.name()})
                                                      : Concat({stream.name(), " exists already, unchanged"});
  const bool dials = stream.role() == v1::Stream::CLIENT;
  return Concat({what, dials ? "\n  it dials          " : "\n  peers connect to  ", stream.status().endpoint(),
                 "\n  read it with      inletctl subscribe ", stream.name(), address_option, "\n"});
}

}  // namespace inlet::cli
