// RFC 6455, section 5.5: pings, pongs and closes; section 7.4: close codes.
#include "ingest/text.h"
#include "tests/ingest/ws/rfc6455_case.h"

namespace inlet::ws {
namespace {

void AddPings(std::vector<Rfc6455Case>& rows) {
  for (const size_t size : {0, 1, 2, 64, 124, 125}) {
    const std::string payload(size, 'p');
    const std::string suffix = Concat({std::to_string(size), "Bytes"});
    rows.push_back(
        {.name = "Section5_5_2_Ping_IsEchoedWith" + suffix, .sent = {Frame(kPing, payload)}, .pongs = {payload}});
    rows.push_back({.name = "Section5_5_2_Ping_IsEchoedByteByByteWith" + suffix,
                    .sent = Bytes(Frame(kPing, payload)),
                    .pongs = {payload}});
    rows.push_back({.name = "Section5_5_3_Pong_UnaskedIsIgnoredWith" + suffix,
                    .sent = {Frame(kPong, payload) + Text("after")},
                    .messages = {"after"}});
  }
  const std::string bytes("\x00\xff\xfe\xc0\x80", 5);
  rows.push_back({.name = "Section5_5_2_Ping_IsAnyBytes", .sent = {Frame(kPing, bytes)}, .pongs = {bytes}});
  rows.push_back(
      {.name = "Section5_5_2_Ping_TenAreAnsweredInOrder",
       .sent = {Frame(kPing, "0"), Frame(kPing, "1"), Frame(kPing, "2"), Frame(kPing, "3"), Frame(kPing, "4"),
                Frame(kPing, "5"), Frame(kPing, "6"), Frame(kPing, "7"), Frame(kPing, "8"), Frame(kPing, "9")},
       .pongs = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
       .wait_for_each_pong = true});
  rows.push_back({.name = "Section5_5_2_Ping_BetweenFragmentsIsAnswered",
                  .sent = {Frame(kText, "a", {.fin = false}), Frame(kPing, "p")},
                  .pongs = {"p"}});
  rows.push_back({.name = "Section5_5_2_Ping_BetweenFragmentsOfOneSegmentIsAnswered",
                  .sent = {Frame(kText, "a", {.fin = false}) + Frame(kPing, "p") + Frame(kContinuation, "b")},
                  .messages = {"ab"},
                  .pongs = {"p"}});
  rows.push_back({.name = "Section5_5_2_Ping_BetweenMessagesIsAnswered",
                  .sent = {Text("a") + Frame(kPing, "p") + Text("b")},
                  .messages = {"a", "b"},
                  .pongs = {"p"}});
  rows.push_back(
      {.name = "Section5_5_2_Ping_OfSeveralInASegmentOneIsAnswered",
       .sent = {Frame(kPing, "0") + Frame(kPing, "1") + Frame(kPing, "2")},
       .pongs = {"0"},
       .instead_of = "answering the last one at least; the library has room for one pong, and keeps the first"});
  for (const auto& [opcode, name] : {std::pair{kPing, "5_2_Ping"}, {kPong, "5_3_Pong"}, {kClose, "5_1_Close"}}) {
    rows.push_back({.name = Concat({"Section5_", name, "_Of126BytesEndsTheConnection"}),
                    .sent = {Frame(opcode, std::string(126, 'p'))},
                    .end = End::kCut,
                    .instead_of = "a close frame 1002; the library hangs up",
                    .as_client = Outcome{End::kClose, 1002}});
  }
}

void AddAfterClose(std::vector<Rfc6455Case>& rows) {
  const std::string close = Frame(kClose, ClosePayload(1000));
  rows.push_back(Closed("Section5_5_1_Close_TextAfterItIsIgnored", 1000, {Text("a") + close + Text("b")}, {"a"}));
  rows.push_back(Closed("Section5_5_1_Close_TextInTheNextSegmentIsIgnored", 1000, {close, Text("b")}));
  rows.push_back(Closed("Section5_5_1_Close_PingAfterItIsIgnored", 1000, {close + Frame(kPing, "p")}));
  rows.push_back(Closed("Section5_5_1_Close_ASecondOneIsIgnored", 1000, {close + Frame(kClose, ClosePayload(1001))}));
  rows.push_back(Closed("Section5_5_1_Close_NonsenseInItsSegmentIsIgnored", 1000, {close + Frame(3, "x")}));
  rows.push_back(Closed("Section5_5_1_Close_BetweenFragmentsDropsTheMessage", 1000,
                        {Frame(kText, "a", {.fin = false}) + close + Frame(kContinuation, "b")}));
  rows.push_back(Closed("Section5_5_1_Close_ByteByByte", 1000, Bytes(close)));
  rows.push_back(
      {.name = "Section5_5_1_Close_TheEndWithoutItIsNoMessage", .sent = {Frame(kText, "a", {.fin = false})}});
}

void AddPayloads(std::vector<Rfc6455Case>& rows) {
  const auto add = [&](std::string_view name, uint16_t code, const std::string& payload) {
    rows.push_back(Closed(Concat({"Section5_5_1_ClosePayload_", name}), code, {Frame(kClose, payload)}));
  };
  add("NoneIsAnsweredWithNone", 0, "");
  add("OneByteIs1002", 1002, "\x03");
  add("TwoBytes", 1000, ClosePayload(1000));
  add("AReason", 1000, ClosePayload(1000, "bye"));
  add("ALongestReason", 1000, ClosePayload(1000, std::string(123, 'r')));
  add("AReasonInUtf8", 1000, ClosePayload(1000, "\xce\xba\xe1\xbd\xb9"));
  add("AReasonThatIsNotUtf8Is1007", 1007, ClosePayload(1000, "\xce\xba\xff"));
  add("AReasonCutInACharacterIs1007", 1007, ClosePayload(1000, "\xe2\x82"));
}

}  // namespace

std::vector<Rfc6455Case> ControlCases() {
  std::vector<Rfc6455Case> rows;
  AddPings(rows);
  return rows;
}

std::vector<Rfc6455Case> CloseCases() {
  std::vector<Rfc6455Case> rows;
  AddAfterClose(rows);
  AddPayloads(rows);
  for (const uint16_t code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3001, 3999, 4000, 4999}) {
    const std::string name = std::to_string(code);
    rows.push_back(
        Closed(Concat({"Section7_4_CloseCode_", name, "IsEchoed"}), code, {Frame(kClose, ClosePayload(code))}));
  }
  for (const uint16_t code : {1012, 1013, 1014}) {
    const std::string name = std::to_string(code);
    rows.push_back(Closed(Concat({"Section7_4_CloseCode_", name, "OfTheRegistryIs1002"}), 1002,
                          {Frame(kClose, ClosePayload(code))}));
    rows.back().instead_of = "an echo; the library knows the codes of the RFC alone";
  }
  for (const uint16_t code : {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
    const std::string name = std::to_string(code);
    rows.push_back(
        Closed(Concat({"Section7_4_CloseCode_", name, "Is1002"}), 1002, {Frame(kClose, ClosePayload(code))}));
  }
  return rows;
}

}  // namespace inlet::ws
