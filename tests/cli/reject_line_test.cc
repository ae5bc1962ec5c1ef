// Rejects as lines.
#include "cli/reject_line.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "cli/record_line.h"

namespace inlet::cli {
namespace {

v1::Record Rejected() {
  v1::Record record;
  record.set_offset(3);
  record.set_connection(7);
  record.mutable_receive_time()->set_seconds(1);
  v1::Reject& reject = *record.mutable_reject();
  reject.set_reason(v1::Reject::NOT_AN_OBJECT);
  reject.set_detail("expected an object, found a string");
  reject.set_byte_offset(9);
  reject.set_index(1);
  reject.set_text("\"fi\nve\"");
  reject.set_size(7);
  return record;
}

TEST(RejectJson, SaysWhyWhereAndWhat) {
  EXPECT_EQ(RejectRecordJson(Rejected()),
            R"({"time":"1970-01-01T00:00:01Z","connection":7,"reason":"NOT_AN_OBJECT",)"
            R"("detail":"expected an object, found a string","byteOffset":9,"index":1,"size":7,"text":"\"fi\nve\""})");
}

TEST(RejectJson, IsWhatProtobufReads) {
  v1::Reject reject;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(RejectJson(Rejected().reject()), &reject).ok());
  EXPECT_EQ(reject.SerializeAsString(), Rejected().reject().SerializeAsString());
}

TEST(RejectJson, BytesAreBase64AndWhatWasNotKeptIsAbsent) {
  v1::Reject reject;
  reject.set_reason(v1::Reject::BINARY_MESSAGE);
  reject.set_binary(std::string("\xff\x00\x01", 3));
  reject.set_size(3);
  EXPECT_EQ(RejectJson(reject), R"({"reason":"BINARY_MESSAGE","detail":"","byteOffset":0,"size":3,"binary":"/wAB"})");
  reject.clear_content();
  EXPECT_EQ(RejectJson(reject), R"({"reason":"BINARY_MESSAGE","detail":"","byteOffset":0,"size":3})");
}

TEST(RejectJson, AReasonThatIsNotKnownYetIsItsNumber) {
  v1::Reject reject;
  reject.set_reason(static_cast<v1::Reject::Reason>(99));
  EXPECT_EQ(RejectJson(reject), R"({"reason":"99","detail":"","byteOffset":0,"size":0})");
}

TEST(AppendFullLine, ARejectIsALineWithItsOffset) {
  std::string out;
  AppendFullLine(out, Rejected(), "kq3f", RejectJson(Rejected().reject()));
  EXPECT_TRUE(
      out.starts_with(R"({"epoch":"kq3f","offset":3,"time":"1970-01-01T00:00:01Z","connection":7,"reject":{"reason":)"))
      << out;
  EXPECT_TRUE(out.ends_with("}}\n")) << out;
}

}  // namespace
}  // namespace inlet::cli
