// The decoded view says exactly what the text says, or is the text.
#include "ingest/data_view.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "ingest/record_reader.h"
#include "ingest/record_writer.h"
#include "ingest/wire.h"
#include "inlet/v1/inlet.pb.h"
#include "tests/ingest/json_oracle.h"

namespace inlet::ingest {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

const RecordHeader kHeader{WallTime(seconds(1'790'000'000) + nanoseconds(5)), 77};

class DataViewTest : public testing::Test {
 protected:
  v1::SubscribeResponse Render(const std::vector<std::string>& texts, size_t readable_beyond = 64) {
    PaddedBuffer entries;
    for (const std::string& text : texts) {
      const size_t start = entries.size();
      AppendJsonEntry(kHeader, text, entries);
      wire::WriteFixed64(entries.data() + start + OffsetPosition(entries.view().substr(start)), ++offset_);
    }
    out_.Clear();
    view_.Render(entries.view(), readable_beyond, out_);
    v1::SubscribeResponse response;
    EXPECT_TRUE(response.ParseFromArray(out_.data(), static_cast<int>(out_.size())));
    return response;
  }

  // Whether the record comes as data, and then says the same; as JSON it must be the very text.
  bool IsData(const std::string& text) {
    const v1::SubscribeResponse response = Render({text});
    EXPECT_EQ(response.records_size(), 1);
    const v1::Record& record = response.records(0);
    if (record.payload_case() == v1::Record::kData) {
      EXPECT_TRUE(SaysTheSame(record.data(), text)) << text.substr(0, 200) << '\n'
                                                    << record.ShortDebugString().substr(0, 400);
      return true;
    }
    EXPECT_EQ(record.json(), text);
    return false;
  }

  bool NumberIsData(std::string_view number) { return IsData("{\"a\":" + std::string(number) + "}"); }

  DataView view_;
  PaddedBuffer out_;
  uint64_t offset_ = 0;
};

std::string Nested(size_t levels, std::string_view inside) {
  std::string text;
  for (size_t i = 0; i < levels; ++i) text += R"({"a":)";
  text += inside;
  return text.append(levels, '}');
}

std::string Lists(size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

TEST_F(DataViewTest, EveryKindOfValueIsCarried) {
  EXPECT_TRUE(
      IsData(R"({"null":null,"true":true,"false":false,"int":-1,"double":1.5,"text":"é","list":[1,"a",null,[]],)"
             R"("object":{"a":{"b":[{},{"c":[[1]]}]}}})"));
}

TEST_F(DataViewTest, AnEmptyObjectIsAnEmptyStruct) {
  const v1::SubscribeResponse response = Render({"{}", " { } "});
  ASSERT_EQ(response.records_size(), 2);
  for (const v1::Record& record : response.records()) {
    EXPECT_TRUE(record.has_data());
    EXPECT_EQ(record.data().fields_size(), 0);
  }
}

TEST_F(DataViewTest, HeadsAreKeptAndOrderToo) {
  const v1::SubscribeResponse response = Render({R"({"a":1})", R"({"a":9007199254740993})", R"({"a":2})"});
  ASSERT_EQ(response.records_size(), 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(response.records(i).offset(), static_cast<uint64_t>(i + 1));
    EXPECT_EQ(response.records(i).connection(), 77U);
    EXPECT_EQ(response.records(i).receive_time().seconds(), 1'790'000'000);
    EXPECT_EQ(response.records(i).receive_time().nanos(), 5);
  }
  EXPECT_EQ(response.records(0).data().fields().at("a").number_value(), 1);
  EXPECT_EQ(response.records(1).json(), R"({"a":9007199254740993})");
  EXPECT_EQ(response.records(2).data().fields().at("a").number_value(), 2);
}

TEST_F(DataViewTest, NothingIsReadBeyondWhatMayBeRead) {
  // Under AddressSanitizer a read beyond the allocation ends the test.
  PaddedBuffer made;
  AppendJsonEntry(kHeader, R"({"a":1})", made);
  AppendJsonEntry(kHeader, R"({"b":"x"})", made);
  const std::vector<char> exact(made.view().begin(), made.view().end());
  view_.Render({exact.data(), exact.size()}, 0, out_);
  v1::SubscribeResponse response;
  ASSERT_TRUE(response.ParseFromArray(out_.data(), static_cast<int>(out_.size())));
  EXPECT_EQ(response.records(0).data().fields().at("a").number_value(), 1);
  EXPECT_EQ(response.records(1).data().fields().at("b").string_value(), "x");
}

TEST_F(DataViewTest, AnyBytesMayFollow) {
  PaddedBuffer entries;
  AppendJsonEntry(kHeader, R"({"a":12})", entries);
  const size_t size = entries.size();
  for (const char following : {'\0', '3', '"', '}', '\\', '\xff'}) {
    entries.Truncate(size);
    entries.Append(std::string(64, following));
    out_.Clear();
    view_.Render(entries.view().substr(0, size), 64, out_);
    v1::SubscribeResponse response;
    ASSERT_TRUE(response.ParseFromArray(out_.data(), static_cast<int>(out_.size())));
    EXPECT_EQ(response.records(0).data().fields().at("a").number_value(), 12);
  }
}

TEST_F(DataViewTest, WhatIsNotJsonTextIsCopied) {
  PaddedBuffer entries;
  AppendJsonEntry(kHeader, R"({"a":1})", entries);
  view_.Render(entries.view(), 64, out_);
  const std::string once(out_.view());
  PaddedBuffer again;
  view_.Render(once, 0, again);
  EXPECT_EQ(again.view(), once);
}

TEST_F(DataViewTest, IntegersAreCarriedIfADoubleHoldsThem) {
  for (const std::string_view number : {"0", "-0", "1", "9007199254740991", "9007199254740992", "9007199254740994",
                                        "-9007199254740992", "9223372036854774784", "-9223372036854775808",
                                        "9223372036854775808", "18446744073709549568", "1000000000000000000"}) {
    EXPECT_TRUE(NumberIsData(number)) << number;
  }
  for (const std::string_view number :
       {"9007199254740993", "-9007199254740993", "9223372036854775807", "-9223372036854775807", "18446744073709551615",
        "18446744073709551616", "-9223372036854775809", "100000000000000000000"}) {
    EXPECT_FALSE(NumberIsData(number)) << number;
  }
}

TEST_F(DataViewTest, DecimalsAreCarriedIfTheirDigitsSurvive) {
  const std::string zeros(400, '0');
  for (const std::string& number : std::vector<std::string>{"0.0",
                                                            "-0.0",
                                                            "0e5",
                                                            "0.1",
                                                            "21.57",
                                                            "0.30000000000000004",
                                                            "0.1234567890123456",
                                                            "123456789012.345",
                                                            "1e3",
                                                            "1E+22",
                                                            "1e23",
                                                            "1.7976931348623157e308",
                                                            "2.2250738585072014e-308",
                                                            "-1.5e-10",
                                                            "1.0000000000000000000",
                                                            "9007199254740992.0",
                                                            "0.0000000000000000000001",
                                                            "0.00000000000000000000012345678901234",
                                                            "1e0000000000001",
                                                            "123456789012345600000.0",
                                                            "0e999999",
                                                            "0." + zeros,
                                                            "1." + zeros,
                                                            "0." + zeros + "e7",
                                                            "1" + zeros + "e-400"}) {
    EXPECT_TRUE(NumberIsData(number)) << number;
  }
  for (const std::string& number : std::vector<std::string>{
           "9007199254740993.0", "9007199254740993e0", "0.30000000000000001", "0.123456789012345678",
           "0.10000000000000000000001", "1e400", "-1e400", "1e-400", "5e-324", "1e-310", "2.2250738585072011e-308",
           "9.9999999999999999e22", "123456789.12345678901", "0." + zeros + "1", "1" + zeros + ".0"}) {
    EXPECT_FALSE(NumberIsData(number)) << number;
  }
}

TEST_F(DataViewTest, AnInexactNumberIsFoundWhereverItStands) {
  for (size_t before = 0; before < 64; ++before) {
    const std::string spaces(before, ' ');
    EXPECT_FALSE(IsData("{" + spaces + R"("x":0.5,"a":[0.1234567890123456789]})")) << before;
    EXPECT_FALSE(IsData("{" + spaces + R"("x":0.0,"a":123456789012345678e1})")) << before;
    EXPECT_FALSE(IsData("{" + spaces + R"("x":1e-400,"a":0.5})")) << before;
    EXPECT_FALSE(IsData("{" + spaces + R"("a":-90071992547409.93})")) << before;
    EXPECT_TRUE(IsData("{" + spaces + R"("x":0.5,"a":0.123456789012345})")) << before;
  }
}

TEST_F(DataViewTest, DigitsInStringsAndIntegersAreNoDecimals) {
  EXPECT_TRUE(IsData(R"({"x":0.5,"a":"0.1234567890123456789"})"));
  EXPECT_TRUE(IsData(R"({"x":0.5,"a":"at 0.1234567890123456789 e5"})"));
  EXPECT_TRUE(IsData(R"({"x":0.5,"a":"\" 0.1234567890123456789","0.1234567890123456789":"\\"})"));
  EXPECT_TRUE(IsData(R"({"x":0.5,"a":1790000000123456,"b":1000000000000000000})"));
  EXPECT_FALSE(IsData(R"({"x":"\\","a":0.1234567890123456789})"));
}

TEST_F(DataViewTest, KeysAreCarriedWhateverTheyAre) {
  EXPECT_TRUE(IsData(R"({"":1,"\u0000":2,"\u0000\u0000":"\u0000"})"));
  EXPECT_TRUE(IsData("{\"" + std::string(200, 'k') + "\":1,\"" + std::string(20'000, 'l') + "\":{\"a\":[]}}"));
}

TEST_F(DataViewTest, OfDuplicateKeysTheLastCounts) {
  const v1::SubscribeResponse response = Render({R"({"a":1,"b":true,"a":{"x":1,"x":"last"}})"});
  EXPECT_EQ(response.records(0).data().fields_size(), 2);
  EXPECT_EQ(response.records(0).data().fields().at("a").struct_value().fields().at("x").string_value(), "last");
}

TEST_F(DataViewTest, ADepthOf30IsDataAnd31IsJson) {
  EXPECT_TRUE(IsData(Nested(30, "1")));
  EXPECT_TRUE(IsData(Nested(29, "{}")));
  EXPECT_TRUE(IsData(Nested(1, Lists(29))));
  EXPECT_FALSE(IsData(Nested(31, "1")));
  EXPECT_FALSE(IsData(Nested(30, "{}")));
  EXPECT_FALSE(IsData(Nested(30, "[]")));
  EXPECT_FALSE(IsData(Nested(1, Lists(30))));
  EXPECT_FALSE(IsData(Nested(1024, "1")));
}

// RFC 8259 allows them, UTF-8 cannot carry them.
TEST_F(DataViewTest, EscapesOfHalfASurrogatePairComeAsJson) {
  for (const std::string_view text :
       {R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")", R"("\udc00\ud800")", R"("\uD800\n")", R"("x\uDFFFy")"}) {
    EXPECT_FALSE(IsData("{\"a\":" + std::string(text) + "}")) << text;
    EXPECT_FALSE(IsData("{" + std::string(text) + ":1}")) << text;
  }
  EXPECT_TRUE(IsData(R"({"a":"\ud83d\ude00","\uD83D\uDE00":1})"));
}

TEST_F(DataViewTest, NestedValuesOfEverySizeAreCarried) {
  for (const size_t size :
       {0U,      100U,    126U,    127U,    128U,    16'360U, 16'370U, 16'373U, 16'375U,    16'376U,   16'377U,
        16'378U, 16'379U, 16'380U, 16'381U, 16'382U, 16'383U, 16'384U, 70'000U, 2'097'130U, 2'097'152U}) {
    const std::string text = "\"" + std::string(size, 'x') + "\"";
    EXPECT_TRUE(IsData("{\"a\":" + text + "}")) << size;
    EXPECT_TRUE(IsData("{\"a\":{\"b\":" + text + "},\"c\":[{\"d\":1}]}")) << size;
    EXPECT_TRUE(IsData("{\"a\":[[" + text + "],1],\"c\":2}")) << size;
    EXPECT_TRUE(IsData(Nested(28, "[" + text + ",{\"after\":1}]"))) << size;
  }
}

TEST_F(DataViewTest, WhatGrowsMostStillFits) {
  std::string zeros = "{\"a\":[0";
  for (int i = 0; i < 50'000; ++i) zeros += ",0";
  EXPECT_TRUE(IsData(zeros + "]}"));
  std::string lists = "{\"a\":[[]";
  for (int i = 0; i < 50'000; ++i) lists += ",[]";
  EXPECT_TRUE(IsData(lists + "]}"));
  std::string objects = "{\"a\":[{\"\":{}}";
  for (int i = 0; i < 50'000; ++i) objects += ",{\"\":[{}]}";
  EXPECT_TRUE(IsData(objects + "]}"));
}

TEST_F(DataViewTest, WhatIsTooLargeOnceConvertedIsJson) {
  // 11 bytes for each `,0`: a JSON text of 640 KB becomes 3.5 MB.
  const auto zeros = [](size_t count) {
    std::string text = "{\"a\":[0";
    for (size_t i = 1; i < count; ++i) text += ",0";
    return text + "]}";
  };
  const size_t most = DataView::kMaxEntryBytes / 11;
  EXPECT_TRUE(IsData(zeros(most - 10)));
  EXPECT_LE(out_.size(), DataView::kMaxEntryBytes);
  EXPECT_GT(out_.size(), DataView::kMaxEntryBytes - 200);
  EXPECT_FALSE(IsData(zeros(most + 10)));
  EXPECT_TRUE(IsData("{\"a\":\"" + std::string(3'000'000, 'x') + "\"}"));
  EXPECT_FALSE(IsData("{\"a\":\"" + std::string(DataView::kMaxEntryBytes, 'x') + "\"}"));
}

TEST_F(DataViewTest, TheLargestEntryIsExactlyTheLimit) {
  bool had_limit = false;
  for (size_t size = DataView::kMaxEntryBytes - 80; size < DataView::kMaxEntryBytes; ++size) {
    const bool data = IsData("{\"a\":\"" + std::string(size, 'x') + "\"}");
    if (data) {
      EXPECT_LE(out_.size(), DataView::kMaxEntryBytes);
      had_limit = had_limit || out_.size() == DataView::kMaxEntryBytes;
    }
  }
  EXPECT_TRUE(had_limit);
}

}  // namespace
}  // namespace inlet::ingest
