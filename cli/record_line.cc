// A record as one line.
#include "cli/record_line.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>

#include "cli/message_json.h"
#include "cli/reject_line.h"
#include "cli/struct_json.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

constexpr std::string_view kKey = "\x1b[36m";
constexpr std::string_view kText = "\x1b[32m";
constexpr std::string_view kOther = "\x1b[33m";
constexpr std::string_view kPlain = "\x1b[0m";

// The end of the text that begins at `begin`.
size_t EndOfText(std::string_view json, size_t begin) {
  size_t at = begin + 1;
  while (at < json.size() && json[at] != '"') at += json[at] == '\\' ? 2 : 1;
  return std::min(at + 1, json.size());
}

bool IsPunctuation(char c) { return std::string_view("{}[],: \t\r\n").find(c) != std::string_view::npos; }

size_t EndOfWord(std::string_view json, size_t begin) {
  size_t at = begin;
  while (at < json.size() && !IsPunctuation(json[at]) && json[at] != '"') ++at;
  return at;
}

bool IsKey(std::string_view json, size_t end) {
  const size_t next = json.find_first_not_of(" \t\r\n", end);
  return next != std::string_view::npos && json[next] == ':';
}

// What a record has beside its payload, where it has it.
std::string Extras(const v1::Record& record) {
  std::string text;
  if (record.has_event_time()) {
    const std::string time = google::protobuf::util::TimeUtil::ToString(record.event_time());
    text += Concat({",\"eventTime\":\"", time, "\""});
  }
  if (record.has_origin()) text += Concat({",\"origin\":", CompactJson(record.origin())});
  return text;
}

std::string_view PayloadName(const v1::Record& record) {
  return record.has_gap() ? "gap" : (record.has_reject() ? "reject" : "json");
}

}  // namespace

std::string RecordJson(const v1::Record& record) {
  std::string json;
  switch (record.payload_case()) {
    case v1::Record::kData:
      AppendStructJson(json, record.data());
      return json;
    case v1::Record::kGap:
      json = CompactJson(record.gap());
      return json.empty() ? "{}" : json;
    case v1::Record::kReject:
      return RejectJson(record.reject());
    default:
      return record.json();
  }
}

void AppendJsonLine(std::string& out, std::string_view json) {
  const size_t begin = out.size();
  out.append(json);
  for (const char line_break : {'\n', '\r'}) {
    if (json.find(line_break) == std::string_view::npos) continue;
    std::replace(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), line_break, ' ');
  }
  out += '\n';
}

void AppendFullLine(std::string& out, const v1::Record& record, std::string_view epoch, std::string_view json) {
  const std::string time = google::protobuf::util::TimeUtil::ToString(record.receive_time());
  out += Concat({"{\"epoch\":\"", epoch, "\",\"offset\":", std::to_string(record.offset()), ",\"time\":\"", time,
                 "\",\"connection\":", std::to_string(record.connection()), Extras(record), ",\"", PayloadName(record),
                 "\":"});
  AppendJsonLine(out, json);
  out.insert(out.size() - 1, "}");
}

std::string Coloured(std::string_view json) {
  std::string out;
  size_t at = 0;
  while (at < json.size()) {
    if (IsPunctuation(json[at])) {
      out += json[at++];
      continue;
    }
    const bool is_text = json[at] == '"';
    const size_t end = is_text ? EndOfText(json, at) : EndOfWord(json, at);
    const std::string_view colour = !is_text ? kOther : IsKey(json, end) ? kKey : kText;
    out += Concat({colour, json.substr(at, end - at), kPlain});
    at = end;
  }
  return out;
}

}  // namespace inlet::cli
