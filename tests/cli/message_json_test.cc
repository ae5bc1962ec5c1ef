// Messages as JSON that people read, too.
#include "cli/message_json.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

namespace inlet::cli {
namespace {

using testing::HasSubstr;

v1::Stream WithSecret() {
  v1::Stream stream;
  stream.set_name("demo");
  (*stream.mutable_settings()->mutable_request_header())["Authorization"] = "<redacted>";
  return stream;
}

TEST(MessageJson, WhatIsHiddenReadsAsPeopleWriteIt) {
  EXPECT_THAT(JsonText(WithSecret()), HasSubstr("\"Authorization\": \"<redacted>\""));
  EXPECT_EQ(CompactJson(WithSecret()),
            R"({"name":"demo","settings":{"requestHeader":{"Authorization":"<redacted>"}}})");
}

TEST(MessageJson, ZerosAreShownSoThatScriptsFindThem) {
  v1::Stream stream;
  stream.mutable_status();
  EXPECT_THAT(JsonText(stream), HasSubstr("\"evicted\": \"0\""));
}

TEST(MessageJson, OtherEscapesStayAndABackslashEscapesNoEscape) {
  EXPECT_EQ(Readable(R"("\u003c\u003e \u0001 \n \" \\u003c \\\u003c \u003")"),
            R"("<> \u0001 \n \" \\u003c \\< \u003")");
  EXPECT_EQ(Readable("\\"), "\\");
}

TEST(MessageJson, EveryTextMeansWhatItMeant) {
  v1::Stream stream;
  stream.set_description("a\\u003cb <c> \\\\u003e \"<\" \x01 \u2028 \\");
  v1::Stream read;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(JsonText(stream), &read).ok());
  EXPECT_EQ(read.description(), stream.description());
}

}  // namespace
}  // namespace inlet::cli
