// RFC 6455, section 5.4: the order of fragments, and what may come between them.
#include "ingest/text.h"
#include "tests/ingest/ws/rfc6455_case.h"

namespace inlet::ws {
namespace {

std::string First(std::string_view text) { return Frame(kText, text, {.fin = false}); }
std::string Next(std::string_view text) { return Frame(kContinuation, text, {.fin = false}); }
std::string Last(std::string_view text) { return Frame(kContinuation, text); }

std::string Joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += part;
  return all;
}

struct Row {
  const char* name;
  std::vector<std::string> sent;
  std::vector<std::string> messages;
};

// Each row three times: a segment a frame, all in one segment, a segment a byte.
void AddAllowed(std::vector<Rfc6455Case>& rows) {
  const std::vector<Row> allowed{
      {"Two", {First("a"), Last("b")}, {"ab"}},
      {"Three", {First("a"), Next("b"), Last("c")}, {"abc"}},
      {"AnEmptyFirst", {First(""), Last("b")}, {"b"}},
      {"AnEmptyLast", {First("a"), Last("")}, {"a"}},
      {"AnEmptyMiddle", {First("a"), Next(""), Next(""), Last("b")}, {"ab"}},
      {"AllEmpty", {First(""), Next(""), Last("")}, {""}},
      {"TwoMessages", {First("a"), Last("b"), First("c"), Last("d")}, {"ab", "cd"}},
      {"AWholeMessageAfterwards", {First("a"), Last("b"), Text("c")}, {"ab", "c"}},
      {"PongsBetween", {First("a"), Frame(kPong, "x"), Next("b"), Frame(kPong, ""), Last("c")}, {"abc"}},
      {"LongOnes",
       {First(std::string(70'000, 'a')), Last(std::string(126, 'b'))},
       {std::string(70'000, 'a') + std::string(126, 'b')}}};
  for (const auto& [name, sent, messages] : allowed) {
    const std::string begin = Concat({"Section5_4_Fragments_", name});
    rows.push_back({.name = begin, .sent = sent, .messages = messages});
    rows.push_back({.name = begin + "InOneSegment", .sent = {Joined(sent)}, .messages = messages});
    if (Joined(sent).size() < 1000) {
      rows.push_back({.name = begin + "ByteByByte", .sent = Bytes(Joined(sent)), .messages = messages});
    }
  }
  std::vector<std::string> many{First("")};
  for (int i = 0; i < 5000; ++i) many.push_back(Next("x"));
  many.push_back(Last("!"));
  rows.push_back({.name = "Section5_4_Fragments_FiveThousandOfOneByte",
                  .sent = {Joined(many)},
                  .messages = {std::string(5000, 'x') + "!"}});
}

void AddBinary(std::vector<Rfc6455Case>& rows) {
  rows.push_back({.name = "Section5_6_Binary_InFragmentsIsOneMessage",
                  .sent = {Frame(kBinary, "ab", {.fin = false}), Next("c"), Last("de")},
                  .binary = {"5"}});
  rows.push_back({.name = "Section5_6_Binary_ThenTextIsText",
                  .sent = {Frame(kBinary, "\xff\xfe") + Text("text")},
                  .messages = {"text"},
                  .binary = {"2"}});
}

void AddForbidden(std::vector<Rfc6455Case>& rows) {
  const std::string_view begin = "Section5_4_Fragments_";
  const auto add = [&](std::string_view name, std::vector<std::string> sent, std::vector<std::string> messages = {}) {
    rows.push_back(Closed(Concat({begin, name, "Is1002"}), 1002, std::move(sent), std::move(messages)));
  };
  add("ALastOneOfNothing", {Last("x")});
  add("AMiddleOneOfNothing", {Next("x")});
  add("ALastOneOfNothingAfterAMessage", {Text("a"), Last("x")}, {"a"});
  // Nothing after it: what we have not read when we close makes TCP reset the connection, and the close frame may be
  // lost.
  add("AMiddleOneOfNothingAfterAMessage", {Text("a"), Next("x")}, {"a"});
  add("ALastOneTooMany", {First("a"), Last("b"), Last("c")}, {"ab"});
  add("ATextInside", {First("a"), Text("b"), Last("c")});
  add("AFirstOneInside", {First("a"), First("b"), Last("c")});
  add("ABinaryInside", {First("a"), Frame(kBinary, "b"), Last("c")});
  add("ATextInsideABinary", {Frame(kBinary, "a", {.fin = false}), Text("b")});
  add("AnEmptyTextInside", {First(""), Text("")});
  add("APingInFragments", {Frame(kPing, "a", {.fin = false})});
  add("APongInFragments", {Frame(kPong, "a", {.fin = false})});
  add("ACloseInFragments", {Frame(kClose, ClosePayload(1000), {.fin = false})});
}

}  // namespace

std::vector<Rfc6455Case> FragmentCases() {
  std::vector<Rfc6455Case> rows;
  AddAllowed(rows);
  AddBinary(rows);
  AddForbidden(rows);
  return rows;
}

}  // namespace inlet::ws
