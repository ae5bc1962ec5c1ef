// RFC 6455, section 8.1: text is UTF-8, however it is cut.
#include "ingest/text.h"
#include "tests/ingest/ws/rfc6455_case.h"

namespace inlet::ws {
namespace {

struct Sample {
  const char* name;
  std::string text;
};

// In two fragments, cut after `at` bytes.
std::vector<std::string> Cut(const std::string& text, size_t at) {
  return {Frame(kText, text.substr(0, at), {.fin = false}), Frame(kContinuation, text.substr(at))};
}

const std::vector<Sample>& Valid() {
  static const std::vector<Sample> samples{{"Ascii", "Hello"},
                                           {"Nul", std::string("a\0b", 3)},
                                           {"LastOfOneByte", "\x7f"},
                                           {"FirstOfTwoBytes", "\xc2\x80"},
                                           {"LastOfTwoBytes", "\xdf\xbf"},
                                           {"FirstOfThreeBytes", "\xe0\xa0\x80"},
                                           {"LastBeforeSurrogates", "\xed\x9f\xbf"},
                                           {"FirstAfterSurrogates", "\xee\x80\x80"},
                                           {"Replacement", "\xef\xbf\xbd"},
                                           {"NoncharacterFffe", "\xef\xbf\xbe"},
                                           {"LastOfThreeBytes", "\xef\xbf\xbf"},
                                           {"FirstOfFourBytes", "\xf0\x90\x80\x80"},
                                           {"Noncharacter1Fffe", "\xf0\x9f\xbf\xbe"},
                                           {"LastOfAll", "\xf4\x8f\xbf\xbf"},
                                           {"ByteOrderMark", "\xef\xbb\xbfx"},
                                           {"Emoji", "\xf0\x9f\x98\x80"},
                                           {"Combining", "e\xcc\x81"}};
  return samples;
}

const std::vector<Sample>& Invalid() {
  static const std::vector<Sample> samples{{"AContinuationAlone", "\x80"},
                                           {"TheLastContinuationAlone", "\xbf"},
                                           {"TwoContinuations", "a\x80\xbf"},
                                           {"ATwoByteStartAlone", "\xc3"},
                                           {"ATwoByteStartBeforeAscii", "\xc3("},
                                           {"AThreeByteCutAfterOne", "\xe2"},
                                           {"AThreeByteCutAfterTwo", "\xe2\x82"},
                                           {"AThreeByteCutBeforeAscii", "\xe2\x82("},
                                           {"AFourByteCutAfterOne", "\xf0"},
                                           {"AFourByteCutAfterTwo", "\xf0\x9f"},
                                           {"AFourByteCutAfterThree", "\xf0\x9f\x98"},
                                           {"OverlongNul", "\xc0\x80"},
                                           {"OverlongSlashInTwo", "\xc0\xaf"},
                                           {"OverlongSlashInThree", "\xe0\x80\xaf"},
                                           {"OverlongSlashInFour", "\xf0\x80\x80\xaf"},
                                           {"OverlongLastOfTwo", "\xc1\xbf"},
                                           {"OverlongLastOfThree", "\xe0\x9f\xbf"},
                                           {"OverlongLastOfFour", "\xf0\x8f\xbf\xbf"},
                                           {"TheFirstSurrogate", "\xed\xa0\x80"},
                                           {"TheLastSurrogate", "\xed\xbf\xbf"},
                                           {"ASurrogatePair", "\xed\xa0\xbd\xed\xb8\x80"},
                                           {"BeyondTheLast", "\xf4\x90\x80\x80"},
                                           {"F5", "\xf5\x80\x80\x80"},
                                           {"FiveBytes", "\xf8\x88\x80\x80\x80"},
                                           {"SixBytes", "\xfc\x84\x80\x80\x80\x80"},
                                           {"Fe", "\xfe"},
                                           {"Ff", "\xff"},
                                           {"AtTheEndOfALongText", std::string(70'000, 'x') + "\xff"}};
  return samples;
}

void AddCuts(std::vector<Rfc6455Case>& rows) {
  const std::string text = "\xce\xba\xe1\xbd\xb9\xf0\x9f\x98\x80z";  // of 2, 3, 4 and 1 bytes
  const std::string bytes = Text(text);
  for (size_t at = 1; at < text.size(); ++at) {
    const std::string suffix = std::to_string(at);
    rows.push_back(
        {.name = "Section8_1_Utf8_FragmentsCutAfterByte" + suffix, .sent = Cut(text, at), .messages = {text}});
    const size_t in_frame = bytes.size() - text.size() + at;
    rows.push_back({.name = "Section8_1_Utf8_SegmentsCutAfterByte" + suffix,
                    .sent = {bytes.substr(0, in_frame), bytes.substr(in_frame)},
                    .messages = {text}});
  }
  rows.push_back({.name = "Section8_1_Utf8_ByteByByte", .sent = Bytes(bytes), .messages = {text}});
}

}  // namespace

std::vector<Rfc6455Case> TextCases() {
  std::vector<Rfc6455Case> rows;
  for (const auto& [name, text] : Valid()) {
    rows.push_back({.name = Concat({"Section8_1_Utf8_", name, "IsTaken"}), .sent = {Text(text)}, .messages = {text}});
  }
  for (const auto& [name, text] : Invalid()) {
    const std::string begin = Concat({"Section8_1_Utf8_", name});
    rows.push_back(Closed(begin + "Is1007", 1007, {Text("before") + Text(text) + Text("no")}, {"before"}));
    rows.push_back(Closed(begin + "InFragmentsIs1007", 1007, Cut(text, text.size() / 2)));
  }
  AddCuts(rows);
  return rows;
}

}  // namespace inlet::ws
