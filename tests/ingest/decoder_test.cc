// What a text message becomes: records with the very text, or rejects that say what is wrong and where.
#include "ingest/decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "inlet/v1/inlet.pb.h"

namespace inlet::ingest {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const RecordHeader kHeader{WallTime(std::chrono::seconds(1'790'000'000)), 77};

struct Outcome {
  std::vector<std::string> records;  // as the generated class reads them
  DecodeResult result;
};

class DecoderTest : public testing::Test {
 protected:
  // Views in the result point into `text`.
  Outcome Decode(std::string_view text) {
    PaddedBuffer out;
    Outcome outcome;
    outcome.result = decoder_.Decode(text, kHeader, nullptr, out);
    v1::SubscribeResponse response;
    EXPECT_TRUE(response.ParseFromArray(out.data(), static_cast<int>(out.size())));
    for (const v1::Record& record : response.records()) {
      EXPECT_EQ(record.connection(), kHeader.connection);
      EXPECT_EQ(record.receive_time().seconds(), 1'790'000'000);
      outcome.records.push_back(record.json());
    }
    EXPECT_EQ(outcome.result.records, outcome.records.size());
    return outcome;
  }

  // The one reject of a message that is no record.
  Reject RejectOf(std::string_view text) {
    const Outcome outcome = Decode(text);
    EXPECT_THAT(outcome.records, IsEmpty()) << text;
    EXPECT_EQ(outcome.result.rejects, 1U) << text;
    if (outcome.result.first_rejects.size() != 1) return {};
    Reject reject = outcome.result.first_rejects[0];
    EXPECT_EQ(reject.content, text);
    EXPECT_FALSE(reject.index.has_value());
    return reject;
  }

  bool IsRecord(std::string_view text) {
    const Outcome outcome = Decode(text);
    return outcome.result.rejects == 0 && outcome.records == std::vector<std::string>{std::string(text)};
  }

  void ExpectInvalid(std::string_view text, std::string_view detail, uint32_t byte_offset) {
    const Reject reject = RejectOf(text);
    EXPECT_EQ(reject.reason, RejectReason::kInvalidJson) << text;
    EXPECT_EQ(reject.detail, detail) << text;
    EXPECT_EQ(reject.byte_offset, byte_offset) << text;
  }

  Decoder decoder_;
};

std::string Nested(size_t levels, std::string_view inside = "1") {
  std::string text;
  for (size_t i = 0; i < levels; ++i) text += R"({"a":)";
  text += inside;
  return text.append(levels, '}');
}

TEST_F(DecoderTest, AnObjectIsOneRecordWithTheVeryText) {
  EXPECT_TRUE(IsRecord(R"({"a":1})"));
  EXPECT_TRUE(IsRecord("{}"));
  EXPECT_TRUE(IsRecord(R"({"b":1.50,"a":1.0,"a":[{}]})"));
  EXPECT_TRUE(IsRecord(" \r\n\t{ \"a\" : [ 1 , 2 ] } \n"));
}

TEST_F(DecoderTest, AnArrayIsARecordForEachObject) {
  const Outcome outcome = Decode(R"( [ {"a":1} ,{"a": 2},{}] )");
  EXPECT_THAT(outcome.records, ElementsAre(R"({"a":1})", R"({"a": 2})", "{}"));
  EXPECT_EQ(outcome.result.rejects, 0U);
}

TEST_F(DecoderTest, AnEmptyArrayIsNothing) {
  for (const std::string_view text : {"[]", " [ ] "}) {
    const Outcome outcome = Decode(text);
    EXPECT_THAT(outcome.records, IsEmpty());
    EXPECT_EQ(outcome.result.rejects, 0U);
  }
}

TEST_F(DecoderTest, AppendsBehindWhatIsThere) {
  PaddedBuffer out;
  out.Append("before");
  decoder_.Decode(R"({"a":1})", kHeader, nullptr, out);
  const size_t after_one = out.size();
  EXPECT_EQ(decoder_.Decode(R"({"a":)", kHeader, nullptr, out).rejects, 1U);
  EXPECT_EQ(decoder_.Decode(R"([{"a":1},)", kHeader, nullptr, out).rejects, 1U);
  EXPECT_EQ(out.size(), after_one);
  EXPECT_TRUE(out.view().starts_with("before"));
}

TEST_F(DecoderTest, ABadElementDoesNotTakeItsNeighbours) {
  const std::string_view text = R"([{"a":1},5,{"a":2},null,"x",[{}],true])";
  const Outcome outcome = Decode(text);
  EXPECT_THAT(outcome.records, ElementsAre(R"({"a":1})", R"({"a":2})"));
  ASSERT_EQ(outcome.result.rejects, 5U);
  const std::vector<Reject>& rejects = outcome.result.first_rejects;
  ASSERT_EQ(rejects.size(), 5U);
  EXPECT_EQ(rejects[0].reason, RejectReason::kNotAnObject);
  EXPECT_EQ(rejects[0].detail, "expected an object, found a number");
  EXPECT_EQ(rejects[0].index, 1U);
  EXPECT_EQ(rejects[0].byte_offset, 9U);
  EXPECT_EQ(rejects[0].content, "5");
  EXPECT_EQ(rejects[3].detail, "expected an object, found an array");
  EXPECT_EQ(rejects[3].index, 5U);
  EXPECT_EQ(rejects[3].content, "[{}]");
  EXPECT_EQ(rejects[3].byte_offset, text.find("[{}]"));
  EXPECT_EQ(rejects[4].detail, "expected an object, found a boolean");
}

TEST_F(DecoderTest, AnArrayThatIsNotJsonIsOneReject) {
  ExpectInvalid(R"([{"a":1},{"a":2}{"a":3}])", "expected ',' or ']' after an element of the array, found '{'", 16);
  ExpectInvalid(R"([{"a":1},5,{"a":01}])", "expected no digit after the 0 that begins a number, found '1'", 17);
  ExpectInvalid(R"([{"a":1},)", "expected a value, found the end of the message", 9);
  ExpectInvalid(R"([{"a":1}] [])", "expected the end of the message after its one value, found '['", 10);
}

TEST_F(DecoderTest, AValueThatIsNoObjectIsNotARecord) {
  const std::vector<std::pair<std::string_view, std::string_view>> kinds = {
      {"123", "a number"}, {"-1", "a number"}, {R"("abc")", "a string"}, {"null", "null"}, {" true ", "a boolean"}};
  for (const auto& [text, kind] : kinds) {
    const Reject reject = RejectOf(text);
    EXPECT_EQ(reject.reason, RejectReason::kNotAnObject);
    EXPECT_EQ(reject.detail, "expected an object or an array of objects, found " + std::string(kind));
  }
}

TEST_F(DecoderTest, EmptyAndBlankMessagesAreInvalid) {
  ExpectInvalid("", "the message is empty", 0);
  ExpectInvalid(" \r\n\t", "the message is blank", 0);
}

TEST_F(DecoderTest, TextAfterTheValueIsInvalid) {
  ExpectInvalid("{\"a\":1}\n{\"a\":2}", "expected the end of the message after its one value, found '{'", 8);
  ExpectInvalid(R"({"a":1}x)", "expected the end of the message after its one value, found 'x'", 7);
  ExpectInvalid(std::string_view("{\"a\":1}\0", 8),
                "expected the end of the message after its one value, found the byte 0x00", 7);
}

TEST_F(DecoderTest, AByteOrderMarkIsRefused) {
  ExpectInvalid("\xEF\xBB\xBF{}", "expected JSON, found a byte order mark", 0);
  ExpectInvalid("\xEF\xBB\xBF[{}]", "expected JSON, found a byte order mark", 0);
}

TEST_F(DecoderTest, AnErrorSaysWhatWasExpectedAndWhere) {
  ExpectInvalid(R"({"a" 1})", "expected ':' after the key of a member, found '1'", 5);
  ExpectInvalid(R"({a:1})", "expected the key of a member, in double quotes, found 'a'", 1);
  ExpectInvalid(R"({"a":1,})", "expected the key of a member, in double quotes, found '}'", 7);
  ExpectInvalid(R"({"a":1 "b":2})", "expected ',' or '}' after a member of an object, found '\"'", 7);
  ExpectInvalid(R"({"a":[1 2]})", "expected ',' or ']' after an element of an array, found '2'", 8);
  ExpectInvalid(R"({"a":[1}})", "expected ',' or ']' after an element of an array, found '}'", 7);
  ExpectInvalid(R"({"a":1)", "expected ',' or '}' after a member of an object, found the end of the message", 6);
  ExpectInvalid(R"({"a":"b)", "expected '\"' at the end of a string, found the end of the message", 7);
  ExpectInvalid(R"({"a":"\q"})", R"(expected one of " \ / b f n r t u after a backslash in a string, found 'q')", 7);
  ExpectInvalid(R"({"a":"\u12g4"})", R"(expected four hexadecimal digits after \u, found 'g')", 10);
  ExpectInvalid("{\"a\":\"x\ny\"}",
                "expected an escape in place of a control character in a string, found the byte 0x0a", 7);
  ExpectInvalid("{\"a\":\"\x7f\t\"}",
                "expected an escape in place of a control character in a string, found the byte 0x09", 7);
  ExpectInvalid(R"({"a":tru})", "expected true, false or null, found '}'", 8);
  ExpectInvalid(R"({"a":TRUE})", "expected a value, found 'T'", 5);
  ExpectInvalid("{\"a\":\xC3\xA9}", "expected a value, found the byte 0xc3", 5);
}

TEST_F(DecoderTest, NumbersAreThoseOfTheStandard) {
  ExpectInvalid(R"({"a":007})", "expected no digit after the 0 that begins a number, found '0'", 6);
  ExpectInvalid(R"({"a":+7})", "expected a value, found '+'", 5);
  ExpectInvalid(R"({"a":1.})", "expected a digit after the '.' of a number, found '}'", 7);
  ExpectInvalid(R"({"a":.5})", "expected a value, found '.'", 5);
  ExpectInvalid(R"({"a":-})", "expected a digit after '-', found '}'", 6);
  ExpectInvalid(R"({"a":1e})", "expected a digit in the exponent of a number, found '}'", 7);
  ExpectInvalid(R"({"a":1e+})", "expected a digit in the exponent of a number, found '}'", 8);
  ExpectInvalid(R"({"a":0x10})", "expected ',' or '}' after a member of an object, found 'x'", 6);
  ExpectInvalid(R"({"a":NaN})", "expected a value, found 'N'", 5);
  ExpectInvalid(R"({"a":nan})", "expected true, false or null, found 'a'", 6);
  ExpectInvalid(R"({"a":inf})", "expected a value, found 'i'", 5);
}

TEST_F(DecoderTest, NumbersOfAnySizePassAsTheTextTheyAre) {
  for (const std::string_view number :
       {"9007199254740993", "9223372036854775808", "18446744073709551616", "-9223372036854775809",
        "123456789012345678901234567890", "1e400", "-1e400", "1e-400", "1.0", "1.50", "-0", "1e3", "1E+2", "0e99999"}) {
    EXPECT_TRUE(IsRecord("{\"a\":" + std::string(number) + "}")) << number;
  }
  EXPECT_THAT(Decode(R"([{"a":1e400},{"b":18446744073709551616}])").records,
              ElementsAre(R"({"a":1e400})", R"({"b":18446744073709551616})"));
}

TEST_F(DecoderTest, ControlCharactersInStringsAreFoundWhereverTheyStand) {
  for (size_t position = 0; position < 20; ++position) {
    for (char byte = 0; byte < 0x20; ++byte) {
      std::string text(20, 'x');
      text[position] = byte;
      const std::string object = "{\"a\":\"" + text + "\"}";
      EXPECT_EQ(RejectOf(object).byte_offset, 6 + position);
      EXPECT_EQ(RejectOf("[" + object + "]").byte_offset, 7 + position);
    }
    for (const std::string_view piece : {" ", "\\\"", "\\\\", "\xC2\x80", "\x7f"}) {
      const std::string object = "{\"a\":\"" + std::string(20, 'x').insert(position, piece) + "\"}";
      EXPECT_THAT(Decode("[" + object + "]").records, ElementsAre(object));
    }
  }
}

TEST_F(DecoderTest, DuplicateKeysAndOddTextPass) {
  EXPECT_TRUE(IsRecord(R"({"a":1,"a":2})"));
  EXPECT_TRUE(IsRecord(R"({"":"\u0000","\u0000":"\/\b\f\n\r\t\"\\"})"));
  EXPECT_TRUE(IsRecord("{\"\x7f\":\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBB\xBF\"}"));
}

// RFC 8259, section 8.2: the grammar allows them. They are ASCII text, so a JSON reader gets them unharmed; the decoded
// view cannot carry them.
TEST_F(DecoderTest, EscapesOfHalfASurrogatePairPass) {
  for (const std::string_view text :
       {R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")", R"("\udc00\ud800")", R"("\uD800\n")", R"("\ud83d\ude00")"}) {
    EXPECT_TRUE(IsRecord("{\"a\":" + std::string(text) + "}")) << text;
  }
}

TEST_F(DecoderTest, ADepthOf1024PassesAnd1025DoesNot) {
  EXPECT_TRUE(IsRecord(Nested(1024)));
  EXPECT_TRUE(IsRecord(Nested(1023, "{}")));
  EXPECT_TRUE(IsRecord(Nested(1, std::string(1023, '[') + std::string(1023, ']'))));
  for (const std::string& text : {Nested(1025), Nested(1024, "{}"), Nested(1024, "[]"), Nested(5000)}) {
    const Reject reject = RejectOf(text);
    EXPECT_EQ(reject.reason, RejectReason::kTooDeep);
    EXPECT_EQ(reject.detail, "nested deeper than 1024 levels");
    EXPECT_EQ(reject.byte_offset, 1024U * 5);
  }
}

TEST_F(DecoderTest, ATooDeepElementDoesNotTakeItsNeighbours) {
  const std::string deepest = Nested(1024);
  const std::string too_deep = Nested(1025);
  const Outcome outcome = Decode("[{\"a\":1}," + too_deep + "," + deepest + "]");
  EXPECT_THAT(outcome.records, ElementsAre(R"({"a":1})", deepest));
  ASSERT_EQ(outcome.result.first_rejects.size(), 1U);
  EXPECT_EQ(outcome.result.first_rejects[0].reason, RejectReason::kTooDeep);
  EXPECT_EQ(outcome.result.first_rejects[0].index, 1U);
  EXPECT_EQ(outcome.result.first_rejects[0].byte_offset, 9 + 1024U * 5);
}

TEST_F(DecoderTest, AMillionOpenLevelsAreOneReject) {
  EXPECT_EQ(RejectOf(std::string(1'000'000, '[')).reason, RejectReason::kInvalidJson);
  std::string objects;
  for (int i = 0; i < 200'000; ++i) objects += R"({"a":)";
  EXPECT_EQ(RejectOf(objects).reason, RejectReason::kInvalidJson);
}

TEST_F(DecoderTest, TextThatIsNotUtf8IsAlwaysFound) {
  const std::vector<std::string> bad = {"\x80",
                                        "\xC3",
                                        "\xC0\xAF",
                                        "\xC1\xBF",
                                        "\xE0\x80\x80",
                                        "\xE0\x9F\xBF",
                                        "\xED\xA0\x80",
                                        "\xED\xBF\xBF",
                                        "\xE2\x82",
                                        "\xF0\x80\x80\x80",
                                        "\xF0\x8F\xBF\xBF",
                                        "\xF4\x90\x80\x80",
                                        "\xF5\x80\x80",
                                        "\xFF",
                                        "\xF0\x9F\x98\x3F",
                                        "\xE6\x97\xE6",
                                        "\xFE"};
  for (const std::string& bytes : bad) {
    // In a record, behind another error, and in a message that simdjson leaves early.
    const std::vector<std::string> places = {R"({"a":")", R"({"a":tru,"b":")", "{\"a\":\"\x01", "[{},\"", "x", ""};
    for (const std::string& before : places) {
      const std::string text = before + bytes + "\"}";
      const Outcome outcome = Decode(text);
      EXPECT_TRUE(outcome.result.invalid_utf8) << testing::PrintToString(text);
      EXPECT_THAT(outcome.records, IsEmpty());
      ASSERT_EQ(outcome.result.first_rejects.size(), 1U);
      EXPECT_EQ(outcome.result.rejects, 1U);
      EXPECT_EQ(outcome.result.first_rejects[0].reason, RejectReason::kInvalidUtf8);
      EXPECT_EQ(outcome.result.first_rejects[0].detail, "the message is not UTF-8");
      EXPECT_EQ(outcome.result.first_rejects[0].byte_offset, before.size()) << testing::PrintToString(text);
    }
  }
}

TEST_F(DecoderTest, TheLimitsOfUtf8Pass) {
  for (const std::string_view character : {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                                           "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsRecord("{\"a\":\"" + std::string(character) + "\"}"));
    // The way of the scanner.
    EXPECT_EQ(Decode("[{\"a\":\"" + std::string(character) + "\"}]").result.records, 1U);
  }
}

TEST_F(DecoderTest, KeepsSixteenRejectsAndCountsAll) {
  std::string text = "[0";
  for (int i = 1; i < 1000; ++i) text += "," + std::to_string(i);
  text += ",{}]";
  const Outcome outcome = Decode(text);
  EXPECT_THAT(outcome.records, ElementsAre("{}"));
  EXPECT_EQ(outcome.result.rejects, 1000U);
  ASSERT_EQ(outcome.result.first_rejects.size(), Decoder::kMaxRejectsKept);
  EXPECT_EQ(outcome.result.first_rejects.back().content, "15");
}

TEST_F(DecoderTest, TextsOfEverySizeAreWholeRecords) {
  for (size_t size = 0; size < 300; ++size) EXPECT_TRUE(IsRecord("{\"a\":\"" + std::string(size, 'x') + "\"}"));
  for (const size_t size : {4'096U, 65'536U, 1'048'576U, 3'145'728U}) {
    EXPECT_TRUE(IsRecord("{\"a\":\"" + std::string(size, 'x') + "\"}"));
    EXPECT_TRUE(IsRecord("{\"a\":1}"));
  }
}

}  // namespace
}  // namespace inlet::ingest
