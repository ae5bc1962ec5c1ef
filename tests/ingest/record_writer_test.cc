// What record_writer encodes, the generated classes and record_reader read back.
#include "ingest/record_writer.h"

#include <gtest/gtest.h>

#include <string>

#include "ingest/record_reader.h"
#include "ingest/wire.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::ingest {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

const RecordHeader kHeader{WallTime(seconds(1'790'000'000) + nanoseconds(123'456'789)), 77};

v1::SubscribeResponse Parse(const PaddedBuffer& buffer) {
  v1::SubscribeResponse response;
  EXPECT_TRUE(response.ParseFromArray(buffer.data(), static_cast<int>(buffer.size())));
  return response;
}

TEST(RecordWriter, EntriesBackToBackAreAResponse) {
  PaddedBuffer out;
  AppendJsonEntry(kHeader, R"({"a":1})", out);
  AppendJsonEntry({WallTime(seconds(5)), 0}, "{}", out);
  const v1::SubscribeResponse response = Parse(out);
  ASSERT_EQ(response.records_size(), 2);
  EXPECT_EQ(response.records(0).json(), R"({"a":1})");
  EXPECT_EQ(response.records(0).connection(), 77);
  EXPECT_EQ(response.records(0).receive_time().seconds(), 1'790'000'000);
  EXPECT_EQ(response.records(0).receive_time().nanos(), 123'456'789);
  EXPECT_EQ(response.records(1).json(), "{}");
  EXPECT_EQ(response.records(1).receive_time().seconds(), 5);
}

TEST(RecordWriter, TellsWhereTheTextIs) {
  PaddedBuffer out;
  out.Append("before");
  const size_t text = AppendJsonEntry(kHeader, R"({"a":1})", out);
  EXPECT_EQ(out.view().substr(text), R"({"a":1})");
}

TEST(RecordWriter, EverySizeOfTextIsReadBack) {
  for (const size_t size : {0U, 1U, 95U, 96U, 127U, 128U, 16'383U, 16'384U, 2'097'152U, 3'145'728U}) {
    PaddedBuffer out;
    const std::string text(size, 'x');
    AppendJsonEntry(kHeader, text, out);
    EXPECT_EQ(EntrySize(out.view()), out.size());
    EXPECT_EQ(Parse(out).records(0).json(), text);
    EXPECT_EQ(ReadEntry(out.view()).payload, text);
  }
}

TEST(RecordWriter, TimesBefore1970AreReadBack) {
  PaddedBuffer out;
  const WallTime before(nanoseconds(-1));
  AppendJsonEntry({before, 1}, "{}", out);
  EXPECT_EQ(ReadEntry(out.view()).receive_time, before);
  EXPECT_EQ(Parse(out).records(0).receive_time().seconds(), -1);
}

TEST(RecordWriter, TheEventTimeIsReadBackAndAbsentIfThereIsNone) {
  PaddedBuffer out;
  AppendJsonEntry({WallTime(), 1, Instant{253'402'300'799, 999'999'999}}, "{}", out);
  AppendJsonEntry({WallTime(), 1, Instant{-62'135'596'800, 0}}, "{}", out);
  AppendJsonEntry({WallTime(), 1}, "{}", out);
  const v1::SubscribeResponse response = Parse(out);
  ASSERT_EQ(response.records_size(), 3);
  EXPECT_EQ(response.records(0).event_time().seconds(), 253'402'300'799);
  EXPECT_EQ(response.records(0).event_time().nanos(), 999'999'999);
  EXPECT_EQ(response.records(1).event_time().seconds(), -62'135'596'800);
  EXPECT_FALSE(response.records(2).has_event_time());
  EXPECT_EQ(ReadEntry(out.view()).payload, "{}");
}

TEST(RecordWriter, ARecordWrittenPieceByPieceIsReadBack) {
  for (const size_t size : {0U, 1U, 16'383U, 16'384U, 3'145'728U}) {
    PaddedBuffer out;
    const EntryWriter entry = EntryWriter::BeginJson({WallTime(seconds(5)), 7, Instant{6, 7}}, out);
    out.Append(std::string(size, 'x'));
    entry.End(out);
    const v1::SubscribeResponse response = Parse(out);
    ASSERT_EQ(response.records_size(), 1);
    EXPECT_EQ(response.records(0).json().size(), size);
    EXPECT_EQ(response.records(0).event_time().nanos(), 7);
    EXPECT_EQ(response.records(0).connection(), 7U);
  }
}

TEST(RecordWriter, TheOffsetCanBeSetInPlace) {
  PaddedBuffer out;
  AppendJsonEntry(kHeader, std::string(1000, 'x'), out);
  wire::WriteFixed64(out.data() + OffsetPosition(out.view()), 0x0102030405060708);
  EXPECT_EQ(Parse(out).records(0).offset(), 0x0102030405060708);
  EXPECT_EQ(ReadEntry(out.view()).offset, 0x0102030405060708);
}

TEST(RecordReader, ReadsAllThatWasWritten) {
  PaddedBuffer out;
  AppendJsonEntry(kHeader, R"({"a":1})", out);
  const RecordView record = ReadEntry(out.view());
  EXPECT_EQ(record.offset, 0U);
  EXPECT_EQ(record.receive_time, kHeader.receive_time);
  EXPECT_EQ(record.connection, 77U);
  EXPECT_EQ(record.payload_field, 5U);
  EXPECT_EQ(record.payload, R"({"a":1})");
}

TEST(EntryWriter, KeepsTheHeadAndAnyPayload) {
  PaddedBuffer source;
  AppendJsonEntry(kHeader, "{}", source);
  wire::WriteFixed64(source.data() + OffsetPosition(source.view()), 42);
  const RecordView record = ReadEntry(source.view());
  for (const size_t size : {0U, 100U, 127U, 128U, 16'340U, 16'383U, 16'384U, 2'097'152U}) {
    PaddedBuffer out;
    out.Append("earlier entries");
    const EntryWriter entry = EntryWriter::Begin(record.head, 5, out);
    out.Append(std::string(size, 'y'));
    entry.End(out);
    const std::string_view written = out.view().substr(15);
    v1::SubscribeResponse response;
    ASSERT_TRUE(response.ParseFromArray(written.data(), static_cast<int>(written.size())));
    EXPECT_EQ(response.records(0).json(), std::string(size, 'y'));
    EXPECT_EQ(response.records(0).offset(), 42U);
    EXPECT_EQ(response.records(0).connection(), 77U);
    EXPECT_EQ(EntrySize(written), written.size());
  }
}

TEST(EntryWriter, AbandonLeavesNothing) {
  PaddedBuffer out;
  out.Append("before");
  const EntryWriter entry = EntryWriter::Begin("head", 6, out);
  out.Append("payload");
  entry.Abandon(out);
  EXPECT_EQ(out.view(), "before");
}

}  // namespace
}  // namespace inlet::ingest
