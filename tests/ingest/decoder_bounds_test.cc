// What one message may become at most: so many records, and so many bytes of them.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "ingest/decoder.h"

namespace inlet::ingest {
namespace {

DecodeResult Decode(std::string_view text, std::string_view origin, PaddedBuffer& out) {
  Decoder decoder;
  return decoder.Decode(text, {WallTime(std::chrono::seconds(1'790'000'000)), 77, {}, origin}, nullptr, out);
}

TEST(DecoderBounds, ElementsBeyondTheMostRecordsAreRejects) {
  constexpr uint32_t kMost = Decoder::kMaxRecordsPerMessage;
  std::string text = "[0";
  for (uint32_t i = 0; i < kMost + 2; ++i) text += ",{}";
  text += ']';
  PaddedBuffer out;
  const DecodeResult result = Decode(text, "", out);
  EXPECT_EQ(result.records, kMost);
  EXPECT_EQ(result.rejects, 3U);
  ASSERT_EQ(result.first_rejects.size(), 3U);
  EXPECT_EQ(result.first_rejects[1].reason, RejectReason::kTooLarge);
  EXPECT_EQ(result.first_rejects[1].detail, "more than 100000 records in one message");
  EXPECT_EQ(result.first_rejects[1].index, kMost + 1);
}

// Of a small message, whose sender has a long path.
TEST(DecoderBounds, ElementsBeyondTheMostBytesAreRejects) {
  const std::string origin(16'384, 'o');
  std::string text = "[0";
  for (uint32_t i = 0; i < 10'000; ++i) text += ",{}";
  text += ']';
  PaddedBuffer out;
  out.Append("before");
  const DecodeResult result = Decode(text, origin, out);
  EXPECT_LE(out.size(), Decoder::kMaxBytesPerMessage + 6);
  EXPECT_GT(out.size(), Decoder::kMaxBytesPerMessage - 2 * origin.size());
  EXPECT_GT(result.records, 4'000U);
  EXPECT_EQ(result.records + result.rejects, 10'001U);
  EXPECT_EQ(result.rejects_by_reason[static_cast<size_t>(RejectReason::kTooLarge)], 10'000U - result.records);
  ASSERT_EQ(result.first_rejects.size(), Decoder::kMaxRejectsKept);
  const Reject& first = result.first_rejects[1];
  EXPECT_EQ(first.reason, RejectReason::kTooLarge);
  EXPECT_EQ(first.detail, "more than 67108864 bytes of records in one message");
  EXPECT_EQ(first.index, result.records + 1);
  EXPECT_EQ(first.content, "{}");
}

}  // namespace
}  // namespace inlet::ingest
