// Streams as people read them.
#include "cli/stream_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inlet::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

v1::Stream Demo() {
  v1::Stream stream;
  stream.set_name("demo");
  stream.set_role(v1::Stream::SERVER);
  stream.set_datasource("/api/data");
  v1::StreamStatus& status = *stream.mutable_status();
  status.set_state(v1::StreamStatus::LISTENING);
  status.set_endpoint("ws://localhost:10081/api/data");
  status.set_connections(2);
  status.set_records(1234567);
  status.set_first_offset(5);
  status.set_next_offset(10);
  status.set_retained_bytes(2048);
  status.set_epoch("kq3f");
  status.mutable_last_record_time()->set_seconds(1000);
  return stream;
}

const std::chrono::system_clock::time_point kNow(std::chrono::seconds(1012));

TEST(ListText, IsATableWithHeadings) {
  EXPECT_EQ(ListText({Demo()}),
            "NAME  ROLE    STATE      ENDPOINT                       CONNECTIONS  RECORDS\n"
            "demo  server  listening  ws://localhost:10081/api/data            2  1234567\n");
}

TEST(ShowText, TellsWhatMattersAndNothingEmpty) {
  const std::string text = ShowText(Demo(), kNow);
  EXPECT_THAT(text, testing::StartsWith("demo\n  role         server\n"));
  EXPECT_THAT(text, HasSubstr("ws://localhost:10081/api/data"));
  EXPECT_THAT(text, HasSubstr("1,234,567 from 0 messages, 0 bytes in all, last 12s ago"));
  EXPECT_THAT(text, HasSubstr("5 records, 2 KiB, epoch kq3f, offsets 5 to 9; 0 evicted"));
  EXPECT_THAT(text, Not(HasSubstr("warning")));
  EXPECT_THAT(text, Not(HasSubstr("conf key")));
}

v1::Stream Dialling() {
  v1::Stream stream;
  stream.set_name("feed");
  stream.set_role(v1::Stream::CLIENT);
  v1::StreamStatus& status = *stream.mutable_status();
  status.set_state(v1::StreamStatus::BACKOFF);
  status.set_reason("nobody listens");
  status.set_attempt(3);
  status.mutable_retry_time()->set_seconds(1042);
  status.set_last_error("nobody listens");
  status.mutable_last_error_time()->set_seconds(1002);
  status.set_connects(2);
  status.set_last_close_code(1001);
  status.set_last_close_reason("moving");
  status.set_ignored(1200);
  return stream;
}

TEST(ShowText, TellsOfAClientsDials) {
  const std::string text = ShowText(Dialling(), kNow);
  EXPECT_THAT(text, HasSubstr("\n  state        backoff: nobody listens\n"));
  EXPECT_THAT(text, HasSubstr("\n  dial         in 30s, at 1970-01-01T00:17:22Z; attempt 3 failed\n"));
  EXPECT_THAT(text, HasSubstr("\n  last error   10s ago: as above\n"));
  EXPECT_THAT(text, HasSubstr("\n  connections  0 open, 2 made\n"));
  EXPECT_THAT(text, HasSubstr("\n  last close   1001 moving\n"));
  EXPECT_THAT(text, HasSubstr("\n  ignored      1,200 messages\n"));
}

TEST(ShowText, AnErrorOutlivesItsStateAndTheRestIsLeftOut) {
  v1::Stream stream = Dialling();
  stream.mutable_status()->set_state(v1::StreamStatus::CONNECTED);
  stream.mutable_status()->set_reason("connected to 10.0.0.1:80");
  stream.mutable_status()->clear_retry_time();
  EXPECT_THAT(ShowText(stream, kNow), HasSubstr("\n  dial         attempt 3\n"));
  stream.mutable_status()->clear_attempt();
  stream.mutable_status()->clear_ignored();
  const std::string text = ShowText(stream, kNow);
  EXPECT_THAT(text, HasSubstr("\n  last error   10s ago: nobody listens\n"));
  EXPECT_THAT(text, Not(HasSubstr("  dial ")));
  EXPECT_THAT(text, Not(HasSubstr("ignored")));
}

TEST(CreatedText, SaysWhereToConnectAndHowToRead) {
  EXPECT_EQ(CreatedText(Demo(), Creation::kNew, ""),
            "created demo\n  peers connect to  ws://localhost:10081/api/data\n"
            "  read it with      inletctl subscribe demo\n");
  EXPECT_EQ(CreatedText(Demo(), Creation::kValidated, ""), "demo is valid; nothing was made\n");
}

TEST(CreatedText, AnExistingStreamWasNotMadeAndTheAddressStays) {
  const std::string text = CreatedText(Demo(), Creation::kExisting, " --address h:1");
  EXPECT_THAT(text, testing::StartsWith("demo exists already, unchanged\n"));
  EXPECT_THAT(text, HasSubstr("inletctl subscribe demo --address h:1\n"));
}

}  // namespace
}  // namespace inlet::cli
