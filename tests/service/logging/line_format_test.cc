// Promises of the line formats: one line an event, whatever bytes the values hold.
#include "service/logging/line_format.h"

#include <chrono>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace inlet::logging {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::chrono::system_clock::time_point kTime{std::chrono::milliseconds{1'795'507'200'123}};

std::string Text(std::initializer_list<LogField> fields) {
  return FormatText({kTime, LogLevel::kInfo, "stream_created", fields});
}

std::string TextValue(std::string_view value) {
  const std::string line = Text({{"k", value}});
  return line.substr(line.find(" k=") + 3);
}

nlohmann::json Json(std::initializer_list<LogField> fields) {
  return nlohmann::json::parse(FormatJson({kTime, LogLevel::kInfo, "stream_created", fields}));
}

TEST(LineFormat, TextLineHasTimeLevelEventAndFieldsInOrder) {
  EXPECT_EQ(Text({{"stream", "demo"}, {"path", "/a/{id}"}}),
            "time=2026-11-24T08:00:00.123Z level=info event=stream_created stream=demo path=/a/{id}");
}

TEST(LineFormat, JsonLineHasTheSameFieldsAsStrings) {
  EXPECT_EQ(FormatJson({kTime, LogLevel::kError, "stop", {{"code", "1"}}}),
            R"({"time":"2026-11-24T08:00:00.123Z","level":"error","event":"stop","code":"1"})");
}

TEST(LineFormat, EachLevelHasItsName) {
  EXPECT_THAT(FormatText({kTime, LogLevel::kDebug, "e", {}}), HasSubstr("level=debug"));
  EXPECT_THAT(FormatText({kTime, LogLevel::kInfo, "e", {}}), HasSubstr("level=info"));
  EXPECT_THAT(FormatText({kTime, LogLevel::kWarn, "e", {}}), HasSubstr("level=warn"));
  EXPECT_THAT(FormatText({kTime, LogLevel::kError, "e", {}}), HasSubstr("level=error"));
}

TEST(LineFormat, ValuesThatWouldBeMisreadAreQuoted) {
  EXPECT_EQ(TextValue(""), R"("")");
  EXPECT_EQ(TextValue("two words"), R"("two words")");
  EXPECT_EQ(TextValue("a=b"), R"("a=b")");
  EXPECT_EQ(TextValue("say \"hi\""), R"("say \"hi\"")");
  EXPECT_EQ(TextValue("back\\slash"), R"("back\\slash")");
  EXPECT_EQ(TextValue("plain"), "plain");
}

TEST(LineFormat, ControlCharactersNeverReachTheLine) {
  EXPECT_EQ(TextValue("a\nlevel=error"), R"("a\nlevel=error")");
  EXPECT_EQ(TextValue("\r\t"), R"("\r\t")");
  EXPECT_EQ(TextValue(std::string_view("\0", 1)), R"("\x00")");
  EXPECT_EQ(TextValue("\x1b[31m"), R"("\x1b[31m")");
  EXPECT_EQ(TextValue("\x7f"), R"("\x7f")");
  EXPECT_EQ(TextValue("\u0085"), R"("\xc2\x85")") << "NEXT LINE";
  EXPECT_EQ(TextValue("\u2028"), R"("\xe2\x80\xa8")") << "LINE SEPARATOR";
}

TEST(LineFormat, ValidUtf8StaysAsItIs) {
  EXPECT_EQ(TextValue("größe"), "größe");
  EXPECT_EQ(TextValue("日本😀"), "日本😀");
  EXPECT_EQ(Json({{"k", "日本😀"}})["k"], "日本😀");
}

TEST(LineFormat, BytesThatAreNoUtf8AreEscapedInText) {
  EXPECT_EQ(TextValue("\xff"), R"("\xff")");
  EXPECT_EQ(TextValue("\xc3"), R"("\xc3")") << "cut in the middle";
  EXPECT_EQ(TextValue("\xc0\xaf"), R"("\xc0\xaf")") << "overlong";
  EXPECT_EQ(TextValue("\xe0\x80\xaf"), R"("\xe0\x80\xaf")") << "overlong";
  EXPECT_EQ(TextValue("\xed\xa0\x80"), R"("\xed\xa0\x80")") << "surrogate";
  EXPECT_EQ(TextValue("\xf4\x90\x80\x80"), R"("\xf4\x90\x80\x80")") << "beyond Unicode";
}

TEST(LineFormat, BytesThatAreNoUtf8AreReplacedInJson) {
  EXPECT_EQ(Json({{"k",
                   "a\xff"
                   "b"}})["k"],
            "a\uFFFDb");
  EXPECT_EQ(Json({{"k", "a\xed\xa0\x80"}})["k"], "a\uFFFD\uFFFD\uFFFD");
}

TEST(LineFormat, EveryByteKeepsTextAndJsonOnOneLine) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_THAT(Text({{"k", all}}), Not(HasSubstr("\n")));
  EXPECT_THAT(FormatJson({kTime, LogLevel::kInfo, "e", {{"k", all}}}), Not(HasSubstr("\n")));
  EXPECT_TRUE(Json({{"k", all}}).is_object());
}

TEST(LineFormat, JsonRoundTripsControlCharactersAndQuotes) {
  const std::string value = "\"\\\n\r\t\x01\x1f\x7f\u0085\u2028 ";
  EXPECT_EQ(Json({{"k", value}})["k"], value);
}

TEST(LineFormat, LongValuesAreCutAtACharacterAndSaySo) {
  const std::string value = std::string(kMaxValueBytes - 1, 'a') + "ä" + "tail";
  EXPECT_EQ(TextValue(value), '"' + std::string(kMaxValueBytes - 1, 'a') + "...(6 bytes more)\"");
}

TEST(LineFormat, LongValuesOfStrayContinuationBytesAreCutToo) {
  const std::string value(kMaxValueBytes + 10, '\x80');
  EXPECT_THAT(Text({{"k", value}}).size(), ::testing::Le(kMaxLineBytes + 100));
}

TEST(LineFormat, FieldsBeyondTheLineAreCountedNotWritten) {
  const std::string value(kMaxValueBytes, 'a');
  const std::string line = Text({{"a", value}, {"b", value}, {"c", value}, {"d", value}, {"e", value}, {"last", "1"}});
  EXPECT_LE(line.size(), kMaxLineBytes + 100);
  EXPECT_THAT(line, HasSubstr(" fields_left_out=2"));
  EXPECT_THAT(line, HasSubstr(" last=1"));
}

TEST(LineFormat, OddKeysCannotBreakTheLine) {
  EXPECT_THAT(Text({{"a b\n=", "1"}}), HasSubstr(" a_b__=1"));
  EXPECT_EQ(Json({{"a\"b", "1"}})["a_b"], "1");
}

TEST(LineFormat, TimesBeforeTheEpochAndAtFullSecondsAreWhole) {
  using std::chrono::milliseconds;
  const auto at = [](int64_t ms) {
    return FormatText({std::chrono::system_clock::time_point{milliseconds{ms}}, LogLevel::kInfo, "e", {}})
        .substr(5, 24);
  };
  EXPECT_EQ(at(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(at(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(at(1'000), "1970-01-01T00:00:01.000Z");
}

}  // namespace
}  // namespace inlet::logging
