// Each message is decoded with its schema and without; the difference must be what the rules say.
#include "tests/ingest/schema_oracle.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ingest/compiled_schema.h"
#include "inlet/v1/inlet.pb.h"
#include "tests/ingest/json_oracle.h"
#include "tests/ingest/json_tree.h"
#include "tests/ingest/schema_rules.h"

namespace inlet::ingest {
namespace {

struct Decoded {
  DecodeResult result;
  v1::SubscribeResponse response;
};

Decoded Decode(Decoder& decoder, std::string_view text, const CompiledSchema* schema) {
  PaddedBuffer out;
  Decoded decoded;
  decoded.result = decoder.Decode(text, {WallTime(), 7}, schema, out);
  if (!decoded.response.ParseFromArray(out.data(), static_cast<int>(out.size()))) decoded.result.records = UINT32_MAX;
  return decoded;
}

bool SameReject(const Reject& a, const Reject& b) {
  return a.reason == b.reason && a.detail == b.detail && a.byte_offset == b.byte_offset && a.index == b.index &&
         a.content == b.content;
}

bool SameTime(const std::optional<Instant>& expected, const v1::Record& record) {
  if (!expected) return !record.has_event_time();
  return record.has_event_time() && record.event_time().seconds() == expected->seconds &&
         record.event_time().nanos() == static_cast<int32_t>(expected->nanos);
}

std::string CheckRecord(const Schema& schema, const Tree& expected, const std::optional<Instant>& time,
                        const std::string& plain, const v1::Record& record) {
  if (!SameTime(time, record)) return "the event time is another";
  if (schema.columns.empty()) return record.json() == plain ? "" : "the text is another";
  const std::optional<Tree> found = ReadTree(record.json());
  if (!found) return "the record is no JSON: " + record.json();
  return SameTree(expected, *found) ? "" : "the record says something else: " + record.json();
}

}  // namespace

std::string Disagreement(Decoder& decoder, const Schema& schema, std::string_view text, AgreementCounts& counts) {
  const auto compiled = CompiledSchema::Compile(schema);
  const Decoded plain = Decode(decoder, text, nullptr);
  const Decoded projected = Decode(decoder, text, compiled.get());
  if (projected.result.records == UINT32_MAX) return "the entries are no response";
  if (std::cmp_not_equal(projected.result.records, projected.response.records_size())) return "records are miscounted";
  if (plain.result.invalid_utf8 != projected.result.invalid_utf8) return "UTF-8 is judged otherwise";
  if (plain.result.records == 0) {
    ++counts.refused;
    const bool same =
        projected.result.records == 0 && plain.result.rejects == projected.result.rejects &&
        std::equal(plain.result.first_rejects.begin(), plain.result.first_rejects.end(),
                   projected.result.first_rejects.begin(), projected.result.first_rejects.end(), SameReject);
    return same ? "" : "what is no record is rejected otherwise";
  }
  if (JudgedOtherwise(text)) return "";
  const SchemaRules rules(schema);
  int next = 0;
  uint32_t mismatches = 0;
  for (const v1::Record& record : plain.response.records()) {
    const std::optional<Tree> object = ReadTree(record.json());
    if (!object) return "";
    const std::optional<Tree> expected = rules.Record(*object);
    const std::optional<Instant> time = rules.EventTime(*object);
    if (rules.unsure()) return "";
    if (!expected || (schema.strict && !schema.timestamp.empty() && !time)) {
      ++mismatches;
      continue;
    }
    if (next == projected.response.records_size()) return "a record is missing";
    std::string wrong = CheckRecord(schema, *expected, time, record.json(), projected.response.records(next));
    if (!wrong.empty()) return wrong;
    ++next;
    if (time) ++counts.event_times;
  }
  if (next != projected.response.records_size()) return "a record should be a reject";
  if (projected.result.rejects != plain.result.rejects + mismatches) return "rejects are miscounted";
  counts.records += static_cast<uint64_t>(next);
  counts.mismatches += mismatches;
  return "";
}

}  // namespace inlet::ingest
