// A stream of the client role whose connections are cut, swallowed, delayed and dripped at chosen places.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ingest/text.h"
#include "tests/ingest/ws/fault_fixture.h"
#include "tests/ingest/ws/fault_proxy.h"
#include "tests/ingest/ws/tls_fixture.h"

namespace inlet::ws {
namespace {

using std::chrono::milliseconds;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using Texts = std::vector<std::string>;

constexpr char kRecord[] = R"({"n":7})";

// Answers the upgrade, sends kRecord, then waits for the end.
void SendOneRecord(int socket) {
  WriteAll(socket, SwitchingAnswer(ReadRequest(socket)));
  WriteAll(socket, Frame(1, kRecord));
  ReadToEnd(socket);
}

uint64_t AnswerSize() { return SwitchingAnswer("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n").size(); }
uint64_t WholeSize() { return AnswerSize() + Frame(1, kRecord).size(); }

FaultPlan::End CloseOrReset(size_t connection) {
  return connection % 2 == 0 ? FaultPlan::End::kClose : FaultPlan::End::kReset;
}

class FaultStream : public FaultTest {
 protected:
  // Each connection but the first was told of by a gap, and only the last one brought its record.
  static void ExpectOneRecordAfterGaps(const ingest::Stream& stream) {
    ASSERT_TRUE(Eventually([&] { return Lines(stream).size() > CountGaps(stream); }));
    Texts lines = Lines(stream);
    EXPECT_EQ(lines.back(), kRecord);
    lines.pop_back();
    EXPECT_THAT(lines, Each("gap"));
    EXPECT_EQ(lines.size(), stream.Snapshot().connects - 1);
  }
};

TEST_F(FaultStream, IsCutAtEachByteOfTheAnswerAndOfTheFirstMessage) {
  const ScriptedServer server(SendOneRecord);
  const FaultProxy proxy(server.port(), [](size_t connection) {
    return connection < WholeSize() ? FaultPlan{.end = CloseOrReset(connection), .to_client = connection} : FaultPlan{};
  });
  const ingest::Stream& stream = Start(RoleTo(proxy.port()));
  ExpectOneRecordAfterGaps(stream);
  EXPECT_EQ(proxy.Flows().size(), WholeSize() + 1);
  EXPECT_GE(stream.Snapshot().connects, 4U) << "cuts by FIN inside the message";
}

TEST_F(FaultStream, IsCutAtEachByteOfItsRequest) {
  constexpr size_t kCuts = 180;
  const ScriptedServer server(SendOneRecord);
  const FaultProxy proxy(server.port(), [](size_t connection) {
    return connection < kCuts ? FaultPlan{.end = CloseOrReset(connection), .to_server = connection} : FaultPlan{};
  });
  const ingest::Stream& stream = Start(RoleTo(proxy.port()));
  ExpectOneRecordAfterGaps(stream);
  EXPECT_EQ(stream.Snapshot().connects, 1U);
  EXPECT_THAT(stream.Snapshot().notes.last_error, HasSubstr("closed the connection without an HTTP answer"));
}

TEST_F(FaultStream, IsCutAllOverItsTlsHandshake) {
  constexpr size_t kCuts = 100;
  const Identity identity = MakeCertificate({});
  TlsServerWish wish;
  wish.identity = identity;
  const ScriptedServer server(TlsScript(wish, Frame(1, kRecord)));
  const FaultProxy proxy(server.port(), [](size_t connection) {
    if (connection >= kCuts) return FaultPlan{};
    const size_t step = connection / 2;
    FaultPlan plan{.end = CloseOrReset(step)};
    // The server sends 1350 bytes at least, its record included, and the client 600.
    if (connection % 2 == 0) {
      plan.to_client = step * 26;
    } else {
      plan.to_server = step * 11;
    }
    return plan;
  });
  ingest::ClientRole role = RoleTo(proxy.port());
  role.tls = true;
  role.tls_settings.root_ca.text = identity.certificate;
  const ingest::Stream& stream = Start(role);
  ExpectOneRecordAfterGaps(stream);
  EXPECT_EQ(proxy.Flows().size(), kCuts + 1);
  EXPECT_GT(stream.Snapshot().notes.last_error.size(), 0U);
}

TEST_F(FaultStream, TakesWhatDripsByteByByte) {
  Texts sent;
  std::string bytes;
  for (int i = 0; i < 200; ++i) {
    sent.push_back(Concat({R"({"n":)", std::to_string(i), "}"}));
    bytes += Frame(1, sent.back());
  }
  const ScriptedServer server([&](int socket) {
    WriteAll(socket, SwitchingAnswer(ReadRequest(socket)) + bytes);
    ReadToEnd(socket);
  });
  const FaultProxy proxy(server.port(), [](size_t) { return FaultPlan{.piece = 1}; });
  const ingest::Stream& stream = Start(RoleTo(proxy.port()));
  ASSERT_TRUE(WaitForRecords(stream, sent.size()));
  EXPECT_EQ(Lines(stream), sent);
  EXPECT_EQ(stream.Snapshot().connects, 1U);
}

TEST_F(FaultStream, WaitsForWhatIsDelayed) {
  const ScriptedServer server(SendOneRecord);
  const FaultProxy proxy(server.port(), [](size_t) { return FaultPlan{.piece = 20, .delay = milliseconds(20)}; });
  const auto begin = std::chrono::steady_clock::now();
  const ingest::Stream& stream = Start(RoleTo(proxy.port()));
  ASSERT_TRUE(WaitForRecords(stream, 1));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(200));
  EXPECT_EQ(stream.Snapshot().connects, 1U);
  EXPECT_EQ(Lines(stream), Texts{kRecord});
}

TEST_F(FaultStream, LeavesABlackHoleAndNotesTheGap) {
  const ScriptedServer server(SendOneRecord);
  const FaultProxy proxy(server.port(), [](size_t connection) {
    return connection == 0 ? FaultPlan{.end = FaultPlan::End::kBlackHole, .to_client = WholeSize()} : FaultPlan{};
  });
  ingest::StreamSpec spec;
  spec.role = RoleTo(proxy.port());
  spec.connection.ping_interval = milliseconds(50);
  spec.connection.idle_timeout = milliseconds(200);
  const ingest::Stream& stream = Start(spec);
  ASSERT_TRUE(WaitForRecords(stream, 3));
  const std::vector<v1::Record> records = Records(stream);
  EXPECT_EQ(records[0].json(), kRecord);
  EXPECT_THAT(records[1].gap().detail(), HasSubstr("no answer to pings"));
  EXPECT_EQ(records[2].json(), kRecord);
}

TEST_F(FaultStream, LeavesABlackHoleInItsHandshakeWithoutAGap) {
  const ScriptedServer server(SendOneRecord);
  const FaultProxy proxy(server.port(), [](size_t connection) {
    return connection == 0 ? FaultPlan{.end = FaultPlan::End::kBlackHole, .to_client = 60} : FaultPlan{};
  });
  ingest::ClientRole role = RoleTo(proxy.port());
  role.handshake_timeout = milliseconds(300);
  const ingest::Stream& stream = Start(role);
  ASSERT_TRUE(WaitForRecords(stream, 1));
  EXPECT_THAT(stream.Snapshot().notes.last_error, HasSubstr("has not answered the upgrade request in 0.3 s"));
  EXPECT_EQ(Lines(stream), Texts{kRecord});
}

TEST_F(FaultStream, SaysThatAResetHadNoCloseFrame) {
  const ScriptedServer server(SendOneRecord);
  const FaultProxy proxy(server.port(), [](size_t connection) {
    // Not reset before the answer has been read.
    return connection == 0 ? FaultPlan{.end = FaultPlan::End::kReset,
                                       .to_client = AnswerSize() + 4,
                                       .piece = AnswerSize(),
                                       .delay = milliseconds(200)}
                           : FaultPlan{};
  });
  const ingest::Stream& stream = Start(RoleTo(proxy.port()));
  ASSERT_TRUE(WaitForRecords(stream, 2));
  const std::vector<v1::Record> records = Records(stream);
  EXPECT_EQ(records[0].gap().detail(), "the connection was closed with 1006 (no close frame)");
  EXPECT_LE(records[0].gap().start_time().seconds(), records[0].gap().end_time().seconds());
  EXPECT_EQ(records[1].json(), kRecord);
  EXPECT_EQ(stream.Snapshot().notes.last_close_code, 1006);
}

}  // namespace
}  // namespace inlet::ws
