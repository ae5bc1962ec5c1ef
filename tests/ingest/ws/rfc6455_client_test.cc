// RFC 6455 for the client role, over raw sockets: runs the rows of the tables (rfc6455_*_cases.cc) as a server sends
// them.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/ws/close_frame.h"
#include "tests/ingest/ws/client_dialer.h"
#include "tests/ingest/ws/raw_server.h"
#include "tests/ingest/ws/rfc6455_case.h"

namespace inlet::ws {
namespace {

constexpr char kLast[] = "the last ping";

// All rows share one dialer, so that each also proves that the ones before it did no harm to the next.
class Rfc6455ClientTest : public testing::TestWithParam<Rfc6455Case> {
 protected:
  static void SetUpTestSuite() { shared_ = std::make_unique<ClientDialer>(); }
  static void TearDownTestSuite() { shared_.reset(); }

  // As the decoder does.
  static ingest::Verdict Judge(std::string_view text) {
    return IsUtf8(text) ? ingest::Verdict::kTaken : ingest::Verdict::kInvalidUtf8;
  }

  // Every frame of a client has a mask.
  static std::optional<ReceivedFrame> ReadFrame(RawPeer& peer) {
    std::optional<ReceivedFrame> frame = peer.ReadFrame();
    EXPECT_TRUE(!frame || frame->masked);
    return frame;
  }

  // Sends the row, and returns what comes after its pongs.
  static std::optional<ReceivedFrame> Exchange(const Rfc6455Case& row, RawPeer& peer, std::vector<std::string>& pongs);

  static std::unique_ptr<ClientDialer> shared_;
};

std::unique_ptr<ClientDialer> Rfc6455ClientTest::shared_;

std::optional<ReceivedFrame> Rfc6455ClientTest::Exchange(const Rfc6455Case& row, RawPeer& peer,
                                                         std::vector<std::string>& pongs) {
  for (const std::string& segment : row.about_masks ? row.sent : AsServerSends(row.sent)) {
    peer.Send(segment);
    if (row.wait_for_each_pong) pongs.push_back(ReadFrame(peer).value_or(ReceivedFrame{}).payload);
  }
  bool asked = false;
  while (true) {
    // The library answers one ping of a segment, so the last one must not come too early.
    if (row.end == End::kOpen && !asked && pongs.size() >= row.pongs.size()) {
      peer.Send(Frame(kPing, kLast, {.masked = false}));
      asked = true;
    }
    std::optional<ReceivedFrame> frame = ReadFrame(peer);
    if (!frame || frame->opcode != kPong || frame->payload == kLast) return frame;
    pongs.push_back(std::move(frame->payload));
  }
}

Outcome OutcomeOf(const Rfc6455Case& row) { return row.as_client.value_or(Outcome{row.end, row.code, row.instead_of}); }

// What follows `beginning` in the lines that begin so.
std::vector<std::string> After(std::string_view beginning, const RecordingEvents& events) {
  std::vector<std::string> rest;
  for (const std::string& line : events.Lines()) {
    if (line.starts_with(beginning)) rest.push_back(line.substr(beginning.size()));
  }
  return rest;
}

TEST_P(Rfc6455ClientTest, Holds) {
  const Rfc6455Case& row = GetParam();
  const Outcome outcome = OutcomeOf(row);
  const RawServer server;
  RecordingEvents events;
  events.judge = Judge;
  const ClientDialer::Connection connection = shared_->Dial(server.port(), events);
  RawPeer peer = server.Accept();
  peer.Send(SwitchingAnswer(peer.ReadHttp()));
  std::vector<std::string> pongs;
  const std::optional<ReceivedFrame> last = Exchange(row, peer, pongs);
  ExpectEnd(outcome, peer, last);
  EXPECT_EQ(pongs, row.pongs);
  peer.CloseSocket();
  EXPECT_TRUE(events.WaitFor("closed "));
  std::vector<std::string> texts = After("text ", events);
  std::erase_if(texts, [](const std::string& text) { return !IsUtf8(text); });
  EXPECT_EQ(texts, row.messages);
  EXPECT_EQ(After("binary ", events), row.binary);
}

// Those that a server can send.
std::vector<Rfc6455Case> Rows(std::vector<Rfc6455Case> rows) {
  std::erase_if(rows, [](const Rfc6455Case& row) { return row.about_masks; });
  return rows;
}

// What only a server can do wrong.
std::vector<Rfc6455Case> ServersRows() {
  constexpr std::string_view kInstead = "closing with 1002; the library takes the mask off, and does not show the bit";
  const auto text = [](const std::string& payload) { return Frame(kText, payload, {.masked = false}); };
  return {{.name = "Section5_1_Mask_ATextWithOneIsTaken",
           .sent = {Text("masked")},
           .messages = {"masked"},
           .instead_of = kInstead,
           .about_masks = true},
          {.name = "Section5_1_Mask_APingWithOneIsAnswered",
           .sent = {Frame(kPing, "masked")},
           .pongs = {"masked"},
           .instead_of = kInstead,
           .about_masks = true},
          {.name = "Section5_1_Mask_ACloseWithOneIsAnswered",
           .sent = {Frame(kClose, ClosePayload(1000))},
           .end = End::kClose,
           .code = 1000,
           .instead_of = kInstead,
           .about_masks = true},
          // The library's buffer is full when the close is decided, and there is more to come.
          Closed("Section8_1_Utf8_AtTheEndOfAFullBufferIs1007", 1007,
                 {text(std::string(65'535, 'x') + "\xff"), text(std::string(1U << 20, 'x'))}),
          Closed("Section10_4_Limits_AfterAFullBufferIs1009", 1009,
                 {Frame(kText, std::string(65'536, 'x'), {.fin = false, .masked = false}),
                  Frame(kContinuation, std::string(4U << 20, 'x'), {.masked = false})})};
}

std::string NameOf(const testing::TestParamInfo<Rfc6455Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Framing, Rfc6455ClientTest, testing::ValuesIn(Rows(FramingCases())), NameOf);
INSTANTIATE_TEST_SUITE_P(Servers, Rfc6455ClientTest, testing::ValuesIn(ServersRows()), NameOf);
INSTANTIATE_TEST_SUITE_P(Fragments, Rfc6455ClientTest, testing::ValuesIn(Rows(FragmentCases())), NameOf);
INSTANTIATE_TEST_SUITE_P(Control, Rfc6455ClientTest, testing::ValuesIn(Rows(ControlCases())), NameOf);
INSTANTIATE_TEST_SUITE_P(Close, Rfc6455ClientTest, testing::ValuesIn(Rows(CloseCases())), NameOf);
INSTANTIATE_TEST_SUITE_P(Text, Rfc6455ClientTest, testing::ValuesIn(Rows(TextCases())), NameOf);

}  // namespace
}  // namespace inlet::ws
