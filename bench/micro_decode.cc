// Micro-benchmark of the two steps that every record takes: text to entry, and entry to decoded view.
#include <benchmark/benchmark.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/common/message.h"
#include "ingest/compiled_schema.h"
#include "ingest/data_view.h"
#include "ingest/decoder.h"
#include "ingest/padded_buffer.h"
#include "ingest/record_writer.h"

namespace inlet::bench {
namespace {

using ingest::PaddedBuffer;

const ingest::RecordHeader kHeader{ingest::WallTime(std::chrono::seconds(1'790'000'000)), 7};

// As the end-to-end benchmark sends them: 215 bytes.
const std::string kObject = MakeMessage(kDefaultMessage);

std::string ArrayOf(size_t count) {
  std::string text = "[";
  for (size_t i = 0; i < count; ++i) text += (i > 0 ? "," : "") + kObject;
  return text + "]";
}

void DecodeWith(benchmark::State& state, const std::string& text, const ingest::CompiledSchema* schema) {
  ingest::Decoder decoder;
  PaddedBuffer out(1U << 20);
  uint64_t records = 0;
  for (auto _ : state) {
    if (out.size() > (64U << 10)) out.Clear();
    records += decoder.Decode(text, kHeader, schema, out).records;
  }
  state.SetItemsProcessed(static_cast<int64_t>(records));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}

void Decode(benchmark::State& state, const std::string& text) { DecodeWith(state, text, nullptr); }

// The ten members of the message.
ingest::Schema TenColumns() {
  using enum ingest::ColumnKind;
  const ingest::ColumnType number{kFloat, {}, {}};
  const ingest::ColumnType text{kString, {}, {}};
  const ingest::ColumnType position{kStruct, {}, {{"lat", number, ""}, {"lon", number, ""}}};
  ingest::Schema schema;
  schema.columns = {{"ts", text, ""},
                    {"seq", {kBigint, {}, {}}, ""},
                    {"device", text, ""},
                    {"temp", number, ""},
                    {"humidity", number, ""},
                    {"pressure", number, ""},
                    {"valid", {kBoolean, {}, {}}, ""},
                    {"position", position, ""},
                    {"tags", {kArray, {text}, {}}, ""},
                    {"note", text, ""}};
  return schema;
}

// Columns in another order than the members.
ingest::Schema OtherOrder() {
  ingest::Schema schema = TenColumns();
  std::vector<ingest::Column> columns;
  columns.reserve(schema.columns.size());
  for (size_t i = 0; i < schema.columns.size(); ++i) columns.push_back(schema.columns[(i * 7 + 3) % 10]);
  schema.columns = std::move(columns);
  return schema;
}

ingest::Schema WithEventTime(std::string_view column) {
  ingest::Schema schema = TenColumns();
  schema.timestamp = column;
  return schema;
}

// A DATETIME: its text is judged, and read.
ingest::Schema WithEventTimeAsText() {
  ingest::Schema schema = WithEventTime("ts");
  schema.columns[0].type.kind = ingest::ColumnKind::kDatetime;
  return schema;
}

// With a time as `ts`.
std::string WithTimeText(std::string text) {
  const size_t begin = text.find(':') + 2;
  return text.replace(begin, text.find('"', begin) - begin, "2026-11-29T14:17:02Z");
}

// A blank after each colon and each comma.
std::string WithBlanks(const std::string& text) {
  std::string spaced;
  for (const char byte : text) {
    spaced += byte;
    if (byte == ',' || byte == ':') spaced += ' ';
  }
  return spaced;
}

void Project(benchmark::State& state, const std::string& text, const ingest::Schema& schema) {
  DecodeWith(state, text, ingest::CompiledSchema::Compile(schema).get());
}

void Render(benchmark::State& state, const std::string& object) {
  constexpr size_t kRecords = 200;
  PaddedBuffer entries;
  for (size_t i = 0; i < kRecords; ++i) ingest::AppendJsonEntry(kHeader, object, entries);
  ingest::DataView view;
  PaddedBuffer out;
  for (auto _ : state) {
    out.Clear();
    view.Render(entries.view(), PaddedBuffer::kPadding, out);
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kRecords));
  state.counters["size"] = static_cast<double>(out.size()) / static_cast<double>(kRecords);
}

const std::string kManyDecimals =
    R"({"bids":[["0.00240000","10.50000000"],["0.00250000","100.1"]],"a":[0.0024,10.5,0.0025,100.1,0.0,1e-7],"p":0.1})";
const std::string kLongDecimals = R"({"a":0.30000000000000004,"b":0.1234567890123456,"c":1790000000123456,"d":1.5})";
const std::string kInexact = R"({"id":9007199254740993,"device":"sensor-0042"})";

BENCHMARK_CAPTURE(Decode, object, kObject);
BENCHMARK_CAPTURE(Decode, array_of_10, ArrayOf(10));
BENCHMARK_CAPTURE(Decode, number_beyond_64_bits, R"({"id":123456789012345678901,"device":"sensor-0042"})");
BENCHMARK_CAPTURE(Project, object, kObject, TenColumns());
BENCHMARK_CAPTURE(Decode, object_with_blanks, WithBlanks(kObject));
BENCHMARK_CAPTURE(Project, object_with_blanks, WithBlanks(kObject), TenColumns());
BENCHMARK_CAPTURE(Project, other_order, kObject, OtherOrder());
BENCHMARK_CAPTURE(Project, event_time, kObject, WithEventTime("seq"));
BENCHMARK_CAPTURE(Project, event_time_as_text, WithTimeText(kObject), WithEventTimeAsText());
BENCHMARK_CAPTURE(Render, object, kObject);
BENCHMARK_CAPTURE(Render, many_decimals, kManyDecimals);
BENCHMARK_CAPTURE(Render, long_decimals, kLongDecimals);
BENCHMARK_CAPTURE(Render, inexact_comes_as_json, kInexact);

}  // namespace
}  // namespace inlet::bench

BENCHMARK_MAIN();
