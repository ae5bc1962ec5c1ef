// A million documents that nobody thought of: our verdict and our Struct against nlohmann's.
#include <gtest/gtest.h>

#include <string>

#include "ingest/data_view.h"
#include "ingest/decoder.h"
#include "ingest/json_parser.h"
#include "ingest/json_scanner.h"
#include "inlet/v1/inlet.pb.h"
#include "tests/ingest/json_oracle.h"

namespace inlet::ingest {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kDocuments = 50'000;
#else
constexpr int kDocuments = 500'000;
#endif

const RecordHeader kHeader{WallTime(std::chrono::seconds(1)), 1};

bool ScannerAccepts(std::string_view text) {
  if (!IsUtf8(text)) return false;
  JsonScanner scanner(text, Decoder::kMaxDepth);
  return scanner.SkipValue() && scanner.Peek() == JsonScanner::kEnd;
}

// Whether the decoder took the message for JSON.
bool IsJson(const DecodeResult& result) {
  return result.rejects == 0 || result.first_rejects[0].reason == RejectReason::kNotAnObject;
}

TEST(JsonAgreement, DamagedDocumentsAreJudgedAsNlohmannDoes) {
  RandomJson random(20'260);
  Decoder decoder;
  PaddedBuffer out;
  int valid = 0;
  int compared = 0;
  for (int i = 0; i < kDocuments; ++i) {
    const std::string text = random.Mutated();
    out.Clear();
    const bool accepted = IsJson(decoder.Decode(text, kHeader, nullptr, out));
    // The fast path and the scanner are one verdict.
    ASSERT_EQ(accepted, ScannerAccepts(text)) << text;
    if (JudgedOtherwise(text)) continue;
    ASSERT_EQ(accepted, Judge(text).valid) << text;
    ++compared;
    valid += accepted ? 1 : 0;
  }
  // Otherwise the test compares nothing.
  EXPECT_GT(valid, kDocuments / 20);
  EXPECT_GT(compared - valid, kDocuments / 20);
}

TEST(JsonAgreement, TheDecodedViewSaysTheSameOrIsTheText) {
  RandomJson random(4711);
  Decoder decoder;
  DataView view;
  PaddedBuffer entries;
  PaddedBuffer rendered;
  int as_data = 0;
  for (int i = 0; i < kDocuments; ++i) {
    const std::string text = random.Object();
    entries.Clear();
    ASSERT_EQ(decoder.Decode(text, kHeader, nullptr, entries).records, 1U) << text;
    rendered.Clear();
    view.Render(entries.view(), PaddedBuffer::kPadding, rendered);
    v1::SubscribeResponse response;
    ASSERT_TRUE(response.ParseFromArray(rendered.data(), static_cast<int>(rendered.size()))) << text;
    ASSERT_EQ(response.records_size(), 1);
    const v1::Record& record = response.records(0);
    ASSERT_EQ(record.has_data(), Judge(text).exact) << text;
    if (record.has_data()) {
      ASSERT_TRUE(SaysTheSame(record.data(), text)) << text << '\n' << record.ShortDebugString();
      ++as_data;
    } else {
      ASSERT_EQ(record.json(), text);
    }
  }
  EXPECT_GT(as_data, kDocuments / 3);
  EXPECT_LT(as_data, kDocuments * 9 / 10);
}

}  // namespace
}  // namespace inlet::ingest
