// Decoded records printed as JSON.
#include "cli/struct_json.h"

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

namespace inlet::cli {
namespace {

google::protobuf::Struct Read(const std::string& json) {
  google::protobuf::Struct data;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &data).ok()) << json;
  return data;
}

std::string Printed(const std::string& json) {
  std::string out;
  AppendStructJson(out, Read(json));
  return out;
}

TEST(AppendStructJson, PrintsEveryKindWithKeysInOrder) {
  EXPECT_EQ(Printed(R"({"z": [1, "a", true, null, {}, []], "a": {"b": false}})"),
            R"({"a":{"b":false},"z":[1,"a",true,null,{},[]]})");
  EXPECT_EQ(Printed("{}"), "{}");
  EXPECT_EQ(Printed("{\"a\": [\",\"]}"), "{\"a\":[\",\"]}");
}

TEST(AppendStructJson, WholeNumbersHaveNoExponentAndFractionsAreShort) {
  EXPECT_EQ(Printed(R"({"a": [9007199254740992, -1000000000000000, 0.1, 1e300, -0.0, 1.5e-9]})"),
            R"({"a":[9007199254740992,-1000000000000000,0.1,1e+300,-0,1.5e-09]})");
}

TEST(AppendStructJson, EscapesWhatMustBeEscapedAndNothingElse) {
  EXPECT_EQ(Printed(R"({"k\"": "a\\b\n\r\t\u0001\u007f/\u00e9"})"),
            "{\"k\\\"\":\"a\\\\b\\n\\r\\t\\u0001\\u007f/\xC3\xA9\"}");
}

TEST(AppendStructJson, ReadsBackTheSame) {
  const std::string json =
      R"({"id": 123, "price": 101.25, "tags": ["x", {"deep": [[1], [2.5e17]]}], "note": "\u2028 \\ \""})";
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(Read(Printed(json)), Read(json)));
}

}  // namespace
}  // namespace inlet::cli
