// RFC 6455, section 5.2 and 5.3: lengths, reserved bits, opcodes, masks. Section 10.4: limits.
#include <array>
#include <utility>

#include "ingest/text.h"
#include "tests/ingest/ws/rfc6455_case.h"

namespace inlet::ws {
namespace {

struct NamedOpcode {
  uint8_t opcode;
  std::string_view name;
};

// How a length is written.
enum class LengthForm { kSevenBits, k16Bits, k64Bits };

std::string_view FormName(LengthForm form) {
  constexpr std::array<std::string_view, 3> kNames{"7Bits", "16Bits", "64Bits"};
  return kNames[static_cast<size_t>(form)];
}

// A frame whose mask is `mask`.
std::string Masked(uint8_t opcode, std::string_view payload, LengthForm form, std::string_view mask) {
  constexpr int kMaskBit = 0x80;
  std::string out(1, static_cast<char>(0x80 | opcode));
  int bytes = 0;
  if (form == LengthForm::kSevenBits) {
    out.push_back(static_cast<char>(kMaskBit | static_cast<int>(payload.size())));
  } else {
    out.push_back(static_cast<char>(kMaskBit | (form == LengthForm::k16Bits ? 126 : 127)));
    bytes = form == LengthForm::k16Bits ? 2 : 8;
  }
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(payload.size() >> (8 * i) & 0xff));
  out += mask;
  for (size_t i = 0; i < payload.size(); ++i) out.push_back(static_cast<char>(payload[i] ^ mask[i % 4]));
  return out;
}

bool Holds(LengthForm form, size_t size) {
  return form == LengthForm::k64Bits || size <= (form == LengthForm::kSevenBits ? 125U : 65535U);
}

bool IsShortest(LengthForm form, size_t size) {
  return form == LengthForm::kSevenBits || !Holds(static_cast<LengthForm>(static_cast<int>(form) - 1), size);
}

void AddLengths(std::vector<Rfc6455Case>& rows) {
  constexpr std::string_view kMask = "\x01\x80\xff\x33";
  for (const size_t size : {0, 1, 125, 126, 127, 65535, 65536}) {
    for (const LengthForm form : {LengthForm::kSevenBits, LengthForm::k16Bits, LengthForm::k64Bits}) {
      if (!Holds(form, size)) continue;
      const std::string payload(size, 'x');
      const std::string suffix = Concat({std::to_string(size), "BytesIn", FormName(form)});
      const std::string_view instead =
          IsShortest(form, size) ? "" : "failing: a length is written as short as it can be";
      rows.push_back({.name = "Section5_2_PayloadLength_TextOf" + suffix,
                      .sent = {Masked(kText, payload, form, kMask)},
                      .messages = {payload},
                      .instead_of = instead});
      rows.push_back({.name = "Section5_2_PayloadLength_BinaryOf" + suffix,
                      .sent = {Masked(kBinary, payload, form, kMask)},
                      .binary = {std::to_string(size)},
                      .instead_of = instead});
    }
  }
}

void AddReservedBits(std::vector<Rfc6455Case>& rows) {
  constexpr std::array kOpcodes{NamedOpcode{kText, "Text"}, NamedOpcode{kBinary, "Binary"},
                                NamedOpcode{kClose, "Close"}, NamedOpcode{kPing, "Ping"}, NamedOpcode{kPong, "Pong"}};
  constexpr std::array<std::string_view, 8> kBits{"", "3", "2", "23", "1", "13", "12", "123"};
  for (size_t bits = 1; bits < kBits.size(); ++bits) {
    const auto rsv = static_cast<uint8_t>(bits);
    const std::string begin = Concat({"Section5_2_ReservedBits_Rsv", kBits[bits], "On"});
    for (const auto& [opcode, name] : kOpcodes) {
      const std::string payload = opcode == kClose ? ClosePayload(1000) : "x";
      rows.push_back(
          Closed(Concat({begin, name, "Is1002"}), 1002, {Frame(opcode, payload, {.rsv = rsv}) + Text("no")}));
    }
    rows.push_back(Closed(begin + "ContinuationIs1002", 1002,
                          {Frame(kText, "a", {.fin = false}), Frame(kContinuation, "b", {.rsv = rsv})}));
  }
}

void AddOpcodes(std::vector<Rfc6455Case>& rows) {
  for (const uint8_t opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    const std::string begin = Concat({"Section5_2_Opcode_", std::to_string(opcode)});
    rows.push_back(Closed(begin + "Is1002", 1002, {Text("before") + Frame(opcode, "x") + Text("no")}, {"before"}));
    rows.push_back(Closed(begin + "WithoutPayloadIs1002", 1002, {Frame(opcode, "") + Text("no")}));
    rows.push_back(Closed(begin + "BetweenFragmentsIs1002", 1002,
                          {Frame(kText, "a", {.fin = false}), Frame(opcode, "x"), Frame(kContinuation, "b")}));
  }
}

void AddMasks(std::vector<Rfc6455Case>& rows) {
  const std::array<std::pair<std::string, std::string>, 4> masks{{{"Zero", std::string(4, '\0')},
                                                                  {"Ones", "\xff\xff\xff\xff"},
                                                                  {"AsThePayload", "abcd"},
                                                                  {"Mixed", std::string("\x00\xff\x80\x7f", 4)}}};
  for (const auto& [name, mask] : masks) {
    rows.push_back({.name = Concat({"Section5_3_Mask_", name, "IsTakenOff"}),
                    .sent = {Masked(kText, "abcdefg", LengthForm::kSevenBits, mask)},
                    .messages = {"abcdefg"},
                    .about_masks = true});
    rows.push_back({.name = Concat({"Section5_3_Mask_", name, "IsTakenOffByteByByte"}),
                    .sent = Bytes(Masked(kText, "abcdefg", LengthForm::kSevenBits, mask)),
                    .messages = {"abcdefg"},
                    .about_masks = true});
  }
  rows.push_back({.name = "Section5_1_Mask_AFrameWithoutItIsTaken",
                  .sent = {Frame(kText, "unmasked", {.masked = false})},
                  .messages = {"unmasked"},
                  .instead_of = "closing with 1002; the library does not show the bit",
                  .about_masks = true});
}

// Text in fragments of `size` bytes.
std::string InFragments(const std::string& text, size_t size) {
  std::string out;
  for (size_t at = 0; at < text.size(); at += size) {
    out += Frame(at == 0 ? kText : kContinuation, text.substr(at, size), {.fin = at + size >= text.size()});
  }
  return out;
}

void AddLimits(std::vector<Rfc6455Case>& rows) {
  const std::string largest(3U << 20, 'x');
  const std::string too_large(16U << 20, 'x');
  const std::string some(70'000, 'x');  // more than is read at once
  rows.push_back({.name = "Section10_4_Limits_3MiBWhole", .sent = {Text(largest)}, .messages = {largest}});
  rows.push_back({.name = "Section10_4_Limits_3MiBInFragmentsOf64Bytes",
                  .sent = {InFragments(largest, 64)},
                  .messages = {largest}});
  rows.push_back({.name = "Section10_4_Limits_3MiBInFragmentsOf64KiB",
                  .sent = {InFragments(largest, 64U << 10)},
                  .messages = {largest}});
  rows.push_back(Closed("Section10_4_Limits_OneByteMoreIs1009", 1009, {Text(largest + "x")}));
  rows.push_back(Closed("Section10_4_Limits_16MiBIs1009", 1009, {Text(too_large)}));
  rows.push_back(Closed("Section10_4_Limits_16MiBInFragmentsIs1009", 1009, {InFragments(too_large, 1U << 20)}));
  rows.push_back(Closed("Section10_4_Limits_16MiBOfBinaryIs1009", 1009, {Frame(kBinary, too_large)}));
  rows.push_back(
      Closed("Section10_4_Limits_2Pow62AnnouncedIs1009", 1009, {Frame(kText, some, {.announced = 1ULL << 62})}));
  rows.push_back({.name = "Section5_2_PayloadLength_TheHighestBitEndsTheConnection",
                  .sent = {Frame(kText, "x", {.announced = 1ULL << 63})},
                  .end = End::kCut,
                  .instead_of = "a close frame 1002; the library hangs up",
                  .as_client = Outcome{End::kClose, 1002}});
}

}  // namespace

std::vector<Rfc6455Case> FramingCases() {
  std::vector<Rfc6455Case> rows;
  AddLengths(rows);
  AddReservedBits(rows);
  AddOpcodes(rows);
  AddMasks(rows);
  AddLimits(rows);
  return rows;
}

}  // namespace inlet::ws
