// RFC 6455, section 4: what the client role makes of the answer to its handshake, over raw sockets.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/text.h"
#include "tests/ingest/ws/client_dialer.h"
#include "tests/ingest/ws/raw_server.h"
#include "tests/ingest/ws/rfc6455_case.h"

namespace inlet::ws {
namespace {

// Stands for the right Sec-WebSocket-Accept.
constexpr std::string_view kAccept = "{accept}";

struct HandshakeCase {
  std::string name;                    // begins with the section that it proves
  std::vector<std::string> sent;       // after the request, each in a segment of its own; then the server hangs up
  std::optional<DialProblem> problem;  // nothing: the connection opens, and its one message arrives
  std::string_view instead_of = {};    // what the RFC demands, where the library does something else
};

// Of a 101.
struct Lines {
  std::string status = "HTTP/1.1 101 Switching Protocols\r\n";
  std::string upgrade = "Upgrade: websocket\r\n";
  std::string connection = "Connection: Upgrade\r\n";
  std::string accept = "Sec-WebSocket-Accept: {accept}\r\n";
  std::string more = {};
};

std::string Answer(const Lines& lines = {}) {
  return Concat({lines.status, lines.upgrade, lines.connection, lines.accept, lines.more, "\r\n"});
}

std::string Message() { return Frame(kText, "hello", {.masked = false}); }

HandshakeCase Opens(std::string name, const Lines& lines, std::string_view instead_of = {}) {
  return {std::move(name), {Answer(lines), Message()}, std::nullopt, instead_of};
}
HandshakeCase Fails(std::string name, const Lines& lines, DialProblem problem = DialProblem::kBadAccept,
                    std::string_view instead_of = {}) {
  return {std::move(name), {Answer(lines), Message()}, problem, instead_of};
}

std::vector<HandshakeCase> HeaderCases() {
  const std::string accept = "Sec-WebSocket-Accept:";
  return {
      Opens("Section4_2_2_Answer_ARightOne", {}),
      Opens("Section4_1_Upgrade_IsCaseInsensitive", {.upgrade = "uPGRADE: WebSocket\r\n"}),
      Fails("Section4_1_Upgrade_Missing", {.upgrade = ""}),
      Fails("Section4_1_Upgrade_Empty", {.upgrade = "Upgrade:\r\n"}),
      Fails("Section4_1_Upgrade_Another", {.upgrade = "Upgrade: h2c\r\n"}),
      Fails("Section4_1_Upgrade_ToTwo", {.upgrade = "Upgrade: websocket, h2c\r\n"}),
      Opens("Section4_1_Connection_IsCaseInsensitive", {.connection = "cONNECTION: upgrade\r\n"}),
      Opens("Section4_1_Connection_WithAnotherToken", {.connection = "Connection: keep-alive, Upgrade\r\n"}),
      Fails("Section4_1_Connection_Missing", {.connection = ""}),
      Fails("Section4_1_Connection_Empty", {.connection = "Connection:\r\n"}),
      Fails("Section4_1_Connection_Another", {.connection = "Connection: keep-alive\r\n"}),
      Fails("Section4_1_Connection_Close", {.connection = "Connection: close\r\n"}),
      Fails("Section4_1_Accept_Missing", {.accept = ""}),
      Fails("Section4_1_Accept_Empty", {.accept = accept + "\r\n"}),
      Fails("Section4_1_Accept_OfAnotherKey", {.accept = accept + " s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"}),
      Fails("Section4_1_Accept_TooLong", {.accept = accept + " {accept}x\r\n"}),
      Fails("Section4_1_Accept_WithSomethingBefore", {.accept = accept + " x{accept}\r\n"}),
      Fails("Section4_1_Accept_Of4000Bytes", {.accept = accept + " " + std::string(4000, 'A') + "\r\n"}),
      Fails("Section4_1_Accept_Of64KiB", {.accept = accept + " " + std::string(64U << 10, 'A') + "\r\n"},
            DialProblem::kNotHttp),
      Opens("Section4_1_Accept_WithSpacesBefore", {.accept = accept + "   {accept}\r\n"}),
      Opens("Section4_1_Accept_WithoutASpace", {.accept = accept + "{accept}\r\n"}),
      Fails("Section4_1_Accept_WithSpacesBehind", {.accept = accept + " {accept}  \r\n"}, DialProblem::kBadAccept,
            "ignoring white space at the end"),
      Fails("Section4_1_Extension_NotOffered", {.more = "Sec-WebSocket-Extensions: permessage-deflate\r\n"}),
      Fails("Section4_1_Extension_Unknown", {.more = "Sec-WebSocket-Extensions: x-other; a=b\r\n"}),
      Opens("Section4_1_Extension_Empty", {.more = "Sec-WebSocket-Extensions:\r\n"}),
      Fails("Section4_1_Subprotocol_NotOffered", {.more = "Sec-WebSocket-Protocol: x\r\n"}, DialProblem::kSubprotocol),
      Opens("Section4_1_Subprotocol_Empty", {.more = "Sec-WebSocket-Protocol:\r\n"})};
}

// How HTTP is written.
std::vector<HandshakeCase> HttpCases() {
  std::string many;
  for (int i = 0; i < 1000; ++i) {
    many += Concat({"X-Number-", std::to_string(i), ": ", std::string(60, 'x'), "\r\n"});
  }
  std::string without_returns = Answer();
  std::erase(without_returns, '\r');
  const std::string early = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
  constexpr std::string_view kInterim = "waiting for the answer behind the interim one";
  return {
      Opens("Section4_1_Head_AHeaderOf20KiB", {.more = "X-Long: " + std::string(20U << 10, 'x') + "\r\n"}),
      Fails("Section4_1_Head_AHeaderOf64KiB", {.more = "X-Long: " + std::string(64U << 10, 'x') + "\r\n"},
            DialProblem::kNotHttp),
      Fails("Section4_1_Head_AThousandHeaders", {.more = many}, DialProblem::kNotHttp),
      Fails("Section4_1_Head_ALineWithoutAColon", {.more = "nonsense\r\n"}, DialProblem::kNotHttp),
      Opens("Section4_1_Head_AContentLengthIsIgnored", {.more = "Content-Length: 5\r\n"}),
      {"Section4_1_Head_LinesWithoutReturns", {without_returns, Message()}, std::nullopt},
      Fails("Section4_1_Status_Http2", {.status = "HTTP/2 101 x\r\n"}, DialProblem::kNotHttp),
      Fails("Section4_1_Status_LowerCase", {.status = "http/1.1 101 x\r\n"}, DialProblem::kNotHttp),
      Fails("Section4_1_Status_Missing", {.status = "HTTP/1.1\r\n"}, DialProblem::kNotHttp),
      Fails("Section4_1_Status_NoNumber", {.status = "HTTP/1.1 abc x\r\n"}, DialProblem::kNotHttp),
      Fails("Section4_1_Status_ANegativeNumber", {.status = "HTTP/1.1 -101 x\r\n"}, DialProblem::kHttpStatus),
      Fails("Section4_1_Status_ALongNumber", {.status = "HTTP/1.1 1010 x\r\n"}, DialProblem::kHttpStatus),
      Opens("Section4_1_Status_Http10", {.status = "HTTP/1.0 101 Switching Protocols\r\n"},
            "failing: the version must be 1.1 or higher"),
      {"Section4_1_Interim_100InTheSameSegment",
       {"HTTP/1.1 100 Continue\r\n\r\n" + Answer() + Message()},
       DialProblem::kHttpStatus,
       kInterim},
      {"Section4_1_Interim_103InASegmentBefore", {early, Answer() + Message()}, DialProblem::kHttpStatus, kInterim}};
}

// Beside those of DialStatus, which tells what is said about each.
std::vector<HandshakeCase> StatusCases() {
  std::vector<HandshakeCase> rows;
  for (const int status :
       {200, 201, 204, 206, 300, 301, 302, 303, 304, 305, 307, 308, 400, 402, 403, 404, 405, 406, 407,
        408, 410, 413, 418, 421, 425, 426, 429, 451, 500, 501, 502, 503, 504, 505, 599, 600, 999}) {
    const std::string number = std::to_string(status);
    const bool redirect = status >= 300 && status < 400;
    const DialProblem problem = redirect ? DialProblem::kRedirect : DialProblem::kHttpStatus;
    const std::string line = Concat({"HTTP/1.1 ", number, " Text\r\n"});
    rows.push_back({Concat({"Section4_1_Status_", number, "IsNoUpgrade"}),
                    {Concat({line, "Location: /x\r\nContent-Length: 4\r\n\r\ntext"})},
                    problem});
    rows.push_back(
        Fails(Concat({"Section4_1_Status_", number, "WithTheHeadersOfAnUpgradeIsNone"}), {.status = line}, problem));
  }
  return rows;
}

// Where segments end does not matter, but where the connection ends does.
std::vector<HandshakeCase> SegmentCases() {
  std::vector<HandshakeCase> rows;
  rows.push_back({"Section4_1_Segments_AMessageInThatOfThe101", {Answer() + Message()}, std::nullopt});
  rows.push_back({"Section4_1_Segments_AMessageByteByByte", {Answer()}, std::nullopt});
  for (const std::string& byte : Bytes(Message())) rows.back().sent.push_back(byte);
  rows.push_back({"Section4_1_Segments_ByteByByte", {"{byte by byte}" + Answer() + Message()}, std::nullopt});
  for (size_t size = 1; size < Message().size(); ++size) {
    rows.push_back({Concat({"Section4_1_Segments_That101HoldsTheFirst", std::to_string(size), "BytesOfAMessage"}),
                    {Answer() + Message().substr(0, size), Message().substr(size)},
                    std::nullopt});
  }
  for (const size_t size : {0, 1, 5, 9, 12, 30, 60, 90}) {
    rows.push_back({Concat({"Section4_1_Segments_TheEndAfter", std::to_string(size), "BytesOfTheAnswer"}),
                    {Answer().substr(0, size)},
                    DialProblem::kNotHttp});
  }
  return rows;
}

class Rfc6455HandshakeTest : public testing::TestWithParam<HandshakeCase> {
 protected:
  static void SetUpTestSuite() { shared_ = std::make_unique<ClientDialer>(); }
  static void TearDownTestSuite() { shared_.reset(); }

  static void Send(std::string text, std::string_view accept, RawPeer& peer) {
    constexpr std::string_view kByteByByte = "{byte by byte}";
    if (const size_t at = text.find(kAccept); at != std::string::npos) text.replace(at, kAccept.size(), accept);
    if (text.starts_with(kByteByByte)) {
      peer.SendSlowly(std::string_view(text).substr(kByteByByte.size()));
    } else {
      peer.Send(text);
    }
  }

  static std::unique_ptr<ClientDialer> shared_;
};

std::unique_ptr<ClientDialer> Rfc6455HandshakeTest::shared_;

std::string AcceptFor(std::string_view request) {
  constexpr std::string_view kName = "Sec-WebSocket-Accept: ";
  const std::string answer = SwitchingAnswer(request);
  const size_t begin = answer.find(kName) + kName.size();
  return answer.substr(begin, answer.find("\r\n", begin) - begin);
}

// For GoogleTest's messages.
void PrintTo(const HandshakeCase& row, std::ostream* out) {
  *out << row.name;
  if (!row.instead_of.empty()) *out << " (instead of: " << row.instead_of << ")";
}

TEST_P(Rfc6455HandshakeTest, Holds) {
  const HandshakeCase& row = GetParam();
  const RawServer server;
  RecordingEvents events;
  const ClientDialer::Connection connection = shared_->Dial(server.port(), events);
  {
    RawPeer peer = server.Accept();
    const std::string accept = AcceptFor(peer.ReadHttp());
    for (const std::string& segment : row.sent) Send(segment, accept, peer);
  }
  if (row.problem) {
    ASSERT_TRUE(events.WaitFor("failed"));
    EXPECT_EQ(events.failure().problem, *row.problem) << events.failure().text;
    EXPECT_EQ(events.failure().stage, DialStage::kUpgrade);
    EXPECT_EQ(events.CountLines("open"), 0U);
  } else {
    ASSERT_TRUE(events.WaitFor("closed 1006"));
    EXPECT_EQ(events.CountLines("open"), 1U);
    EXPECT_EQ(events.CountLines("text hello"), 1U);
  }
}

std::string NameOf(const testing::TestParamInfo<HandshakeCase>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Headers, Rfc6455HandshakeTest, testing::ValuesIn(HeaderCases()), NameOf);
INSTANTIATE_TEST_SUITE_P(Http, Rfc6455HandshakeTest, testing::ValuesIn(HttpCases()), NameOf);
INSTANTIATE_TEST_SUITE_P(Statuses, Rfc6455HandshakeTest, testing::ValuesIn(StatusCases()), NameOf);
INSTANTIATE_TEST_SUITE_P(Segments, Rfc6455HandshakeTest, testing::ValuesIn(SegmentCases()), NameOf);

}  // namespace
}  // namespace inlet::ws
