// Each record is parsed, written as a Struct, and taken back for its text if the Struct does not say the same.
#include "ingest/data_view.h"

#include "ingest/json_parser.h"
#include "ingest/number_check.h"
#include "ingest/record_reader.h"
#include "ingest/record_writer.h"
#include "ingest/struct_writer.h"

namespace inlet::ingest {
namespace {

constexpr uint32_t kDataField = 6;

bool IsExact(StructResult result, std::string_view json) {
  switch (result) {
    case StructResult::kExact:
      return true;
    case StructResult::kHasDecimals:
      return !MayHoldLongDecimal(json) || AllDecimalsAreExact(json);
    case StructResult::kHasZeroDecimals:
      return AllDecimalsAreExact(json);
    case StructResult::kImpossible:
      return false;
  }
  return false;
}

}  // namespace

struct DataView::Parser {
  JsonParser json{kMaxDepth + 1};
  PaddedBuffer copy;  // of a text after which too little may be read

  bool Parse(std::string_view text, size_t readable_beyond) {
    if (readable_beyond >= JsonParser::kPadding) return json.Parse(text);
    copy.Clear();
    copy.Append(text);
    return json.Parse(copy.view());
  }

  // False: nothing was appended.
  bool AppendConverted(const RecordView& record, size_t readable_beyond, PaddedBuffer& out) {
    if (record.payload_field != kJsonField || !Parse(record.payload, readable_beyond)) return false;
    const size_t start = out.size();
    const EntryWriter entry = EntryWriter::Begin(record.head, kDataField, out);
    const StructResult result = AppendStruct(json.tape(), record.payload.size(), {kMaxDepth, kMaxEntryBytes}, out);
    if (IsExact(result, record.payload)) {
      entry.End(out, record.tail);
      if (out.size() - start <= kMaxEntryBytes) return true;
    }
    entry.Abandon(out);
    return false;
  }
};

DataView::DataView() : parser_(std::make_unique<Parser>()) {}

DataView::~DataView() = default;

void DataView::Render(std::string_view entries, size_t readable_beyond, PaddedBuffer& out) {
  while (!entries.empty()) {
    const std::string_view entry = entries.substr(0, EntrySize(entries));
    entries.remove_prefix(entry.size());
    if (!parser_->AppendConverted(ReadEntry(entry), entries.size() + readable_beyond, out)) out.Append(entry);
  }
}

}  // namespace inlet::ingest
