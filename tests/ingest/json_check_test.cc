// The quick check never takes what is not one strict JSON object, and takes nearly every one that is.
#include "ingest/json_check.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "ingest/json_parser.h"
#include "ingest/json_scanner.h"

namespace inlet::ingest {
namespace {

class JsonCheckTest : public ::testing::Test {
 protected:
  // What follows the text must not matter: digits and brackets are the worst.
  bool Check(const std::string& text) {
    bool result = false;
    for (const char beyond : {'7', '}', ' ', '"'}) {
      const std::string padded = text + std::string(JsonCheck::kPadding, beyond);
      result = check_.IsPlainObject(std::string_view(padded).substr(0, text.size()));
    }
    return result;
  }

  static bool IsObject(const std::string& text) {
    JsonScanner scanner(text, JsonCheck::kMaxDepth);
    return IsUtf8(text) && scanner.Peek() == '{' && scanner.SkipValue() && scanner.Peek() == JsonScanner::kEnd &&
           !scanner.too_deep();
  }

  JsonCheck check_;
};

TEST_F(JsonCheckTest, ObjectsAreTaken) {
  for (const std::string text : {
           R"({})",
           R"( { } )",
           R"({"":""})",
           R"({"a":1})",
           R"({"a":-0.5e+10,"b":[],"c":{},"d":[[],{}]})",
           R"({"a":[1,2,[3,{"b":null}],true,false],"a":"twice"})",
           R"({"big":123456789012345678901234567890,"x":1e400})",
           "\t{\"a\" :\r\n [ 1 , 2 ] }\n",
           "{\"\u00e4\":\"\U0001F600\"}",
           R"({"a":"}{][,:"})",
           R"({"a":0,"b":-0})",
       }) {
    EXPECT_TRUE(Check(text)) << text;
    EXPECT_TRUE(IsObject(text)) << text;
  }
}

TEST_F(JsonCheckTest, WhatIsNoObjectIsNotTaken) {
  for (const std::string text : {
           "",
           " ",
           "[]",
           "1",
           "null",
           R"("a")",
           "{",
           "}",
           "{}}",
           "{}{}",
           "{},",
           "{}x",
           "{]",
           R"({"a"})",
           R"({"a":})",
           R"({"a":1,})",
           R"({,})",
           R"({"a":1 "b":2})",
           R"({"a" 1})",
           R"({1:1})",
           R"({"a":1]})",
           R"({"a":[1})",
           R"({"a":[1,]})",
           R"({"a":[,]})",
           R"({"a":[1 2]})",
           R"({"a"::1})",
           R"({"a":tru})",
           R"({"a":truex})",
           R"({"a":nul})",
           R"({"a":falsey})",
           R"({"a":True})",
           R"({"a":01})",
           R"({"a":1.})",
           R"({"a":.5})",
           R"({"a":+1})",
           R"({"a":-})",
           R"({"a":1e})",
           R"({"a":1e+})",
           R"({"a":0x1})",
           R"({"a":1_0})",
           R"({"a":NaN})",
           R"({"a":"b)",
           R"({"a":1)",
           R"({"a":12)",
           R"({"a":"b"c})",
           R"({"a":"b""c"})",
           "{\"a\":\"\n\"}",
           "{\"a\":\"\xff\"}",
           "{\"a\":1\xff}",
           "\xEF\xBB\xBF{}",
           R"({"a":1}/**/)",
           R"({"a":'b'})",
           R"({a:1})",
       }) {
    EXPECT_FALSE(Check(text)) << text;
    EXPECT_FALSE(IsObject(text)) << text;
  }
}

TEST_F(JsonCheckTest, ATextWithABackslashIsLeftToOthers) { EXPECT_FALSE(Check(R"({"a":"\n"})")); }

TEST_F(JsonCheckTest, DepthEndsWhereTheScannerEndsIt) {
  for (const size_t depth : {1023U, 1024U, 1025U, 5000U}) {
    const std::string text = R"({"a":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
    EXPECT_EQ(Check(text), depth <= 1024) << depth;
    EXPECT_EQ(IsObject(text), depth <= 1024) << depth;
  }
}

TEST_F(JsonCheckTest, MutatedObjectsAreJudgedAsTheScannerJudgesThem) {
  const std::array<std::string, 4> seeds = {
      R"({"ts":1790000000123456789,"device":"sensor-0042","values":[1.5,-2e3,true,null,{"x":[]}],"ok":false})",
      R"({"a":{"b":{"c":[[1,2],[3,4],{"d":"e"}]}},"f":0.001,"g":"h,:]}"})",
      "{ \"a\" : [ 1 , \"\u00fc\" ] ,\n\"b\" : { } }",
      R"({"s":"{}[]:,","n":[0,-0,0.0,1e5,1E-5,10]})",
  };
  const std::string alphabet = "{}[]:,\"0123456789.-+eEtrufalsn \n\xc3\xbcx";
  std::mt19937 random(5);
  for (int i = 0; i < 200'000; ++i) {
    std::string text = seeds[random() % seeds.size()];
    for (uint32_t edits = 1 + random() % 3; edits > 0; --edits) {
      const size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text.erase(at, 1 + random() % 3);
          break;
        case 1:
          text.insert(at, 1, alphabet[random() % alphabet.size()]);
          break;
        case 2:
          text[at] = alphabet[random() % alphabet.size()];
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 8));
          break;
      }
      if (text.empty()) text = "{}";
    }
    ASSERT_EQ(Check(text), IsObject(text)) << text;
  }
}

}  // namespace
}  // namespace inlet::ingest
