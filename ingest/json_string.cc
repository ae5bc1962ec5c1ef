// Escapes are rare: what lies between two of them is taken as a whole.
#include "ingest/json_string.h"

#include <array>
#include <cstdint>

namespace inlet::ingest {
namespace {

constexpr size_t kUnicodeEscape = 6;  // \u00e9
constexpr uint32_t kFirstHigh = 0xD800;
constexpr uint32_t kFirstLow = 0xDC00;
constexpr uint32_t kAfterLow = 0xE000;

int HexDigit(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

// Of \uXXXX at the beginning of `text`; negative if there is none.
int32_t CodeUnit(std::string_view text) {
  if (text.size() < kUnicodeEscape || text[0] != '\\' || text[1] != 'u') return -1;
  int32_t unit = 0;
  for (const char byte : text.substr(2, 4)) {
    const int digit = HexDigit(byte);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

void AppendUtf8(uint32_t code_point, std::string& out) {
  const auto tail = [&](uint32_t shift) { out += static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU)); };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0U | (code_point >> 6U));
    tail(0);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xE0U | (code_point >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (code_point >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

// Appends what the \u at the beginning of `text` stands for, with the one after it if they are a pair. Returns the size
// of what was read.
size_t AppendUnicode(std::string_view text, std::string& out) {
  const auto unit = static_cast<uint32_t>(CodeUnit(text));
  if (unit >= kFirstHigh && unit < kFirstLow) {
    const int32_t next = CodeUnit(text.substr(kUnicodeEscape));
    const auto low = static_cast<uint32_t>(next);
    if (next >= 0 && low >= kFirstLow && low < kAfterLow) {
      AppendUtf8(0x10000 + ((unit - kFirstHigh) << 10U) + (low - kFirstLow), out);
      return 2 * kUnicodeEscape;
    }
  }
  AppendUtf8(unit, out);
  return kUnicodeEscape;
}

char SimpleEscape(char kind) {
  constexpr std::string_view kKinds = "bfnrt";
  constexpr std::string_view kBytes = "\b\f\n\r\t";
  const size_t at = kKinds.find(kind);
  return at == std::string_view::npos ? kind : kBytes[at];
}

constexpr std::array<std::array<char, kUnicodeEscape>, 0x20> MakeControlEscapes() {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<std::array<char, kUnicodeEscape>, 0x20> escapes{};
  for (size_t i = 0; i < escapes.size(); ++i) escapes[i] = {'\\', 'u', '0', '0', kHex[i / 16], kHex[i % 16]};
  return escapes;
}
constexpr std::array<std::array<char, kUnicodeEscape>, 0x20> kControlEscapes = MakeControlEscapes();

}  // namespace

std::string_view JsonEscape(char byte) {
  switch (byte) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  const auto code = static_cast<uint8_t>(byte);
  if (code >= kControlEscapes.size()) return {};
  return {kControlEscapes[code].data(), kUnicodeEscape};
}

void AppendJsonString(std::string_view text, std::string& out) {
  out += '"';
  for (const char byte : text) {
    const std::string_view escape = JsonEscape(byte);
    if (escape.empty()) {
      out += byte;
    } else {
      out += escape;
    }
  }
  out += '"';
}

bool EscapesAreValid(std::string_view json) {
  for (size_t at = json.find('\\'); at != std::string_view::npos; at = json.find('\\', at)) {
    if (at + 1 == json.size()) return false;
    const char kind = json[at + 1];
    if (kind == 'u' ? CodeUnit(json.substr(at)) < 0
                    : std::string_view("\"\\/bfnrt").find(kind) == std::string_view::npos) {
      return false;
    }
    at += 2;
  }
  return true;
}

void AppendUnescaped(std::string_view content, std::string& out) {
  while (true) {
    const size_t at = content.find('\\');
    out.append(content.substr(0, at));
    if (at == std::string_view::npos) return;
    content.remove_prefix(at);
    if (content[1] == 'u') {
      content.remove_prefix(AppendUnicode(content, out));
    } else {
      out += SimpleEscape(content[1]);
      content.remove_prefix(2);
    }
  }
}

}  // namespace inlet::ingest
