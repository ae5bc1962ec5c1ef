// Who sent a record: the Origin's wire bytes, written and looked into.
#include "ingest/origin.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "ingest/json_parser.h"
#include "ingest/wire.h"

namespace inlet::ingest {
namespace {

constexpr uint32_t kOriginField = 9;  // of Record
constexpr uint32_t kPeerField = 1;
constexpr uint32_t kPathField = 2;
constexpr uint32_t kVariablesField = 3;
constexpr uint32_t kSubjectField = 4;
constexpr uint32_t kKeyField = 1;  // of an entry of a map
constexpr uint32_t kValueField = 2;

void AppendField(uint32_t field, std::string_view content, std::string& out) {
  std::array<char, 11> head{};
  head[0] = static_cast<char>(wire::Tag(field, wire::Type::kLength));
  const char* const end = wire::WriteVarint(head.data() + 1, content.size());
  out.append(head.data(), static_cast<size_t>(end - head.data()));
  out.append(content);
}

void AppendText(uint32_t field, std::string_view text, std::string& out) {
  if (!text.empty()) AppendField(field, text, out);
}

std::string PercentEncoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte < 0x80) {
      out += c;
      continue;
    }
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xFU];
  }
  return out;
}

std::string MadeUtf8(std::string_view text) { return IsUtf8(text) ? std::string(text) : PercentEncoded(text); }

std::string EncodeVariable(std::string_view name, std::string_view value) {
  std::string entry;
  AppendField(kKeyField, name, entry);
  AppendField(kValueField, MadeUtf8(value), entry);
  return entry;
}

// Takes the field at the beginning of `in`, which we made: all are texts or messages.
std::pair<uint32_t, std::string_view> TakeField(std::string_view& in) {
  const uint32_t field = static_cast<uint8_t>(in.front()) >> 3U;
  uint64_t size = 0;
  const char* const content = wire::ReadVarint(in.data() + 1, in.data() + in.size(), &size);
  const std::string_view taken(content, size);
  in.remove_prefix(static_cast<size_t>(content - in.data()) + size);
  return {field, taken};
}

bool HasEntry(std::string_view origin, std::string_view entry) {
  while (!origin.empty()) {
    const auto [field, content] = TakeField(origin);
    if (field == kVariablesField && content == entry) return true;
  }
  return false;
}

}  // namespace

std::string EncodeOriginField(const ConnectionFacts& facts) {
  std::string origin;
  AppendText(kPeerField, MadeUtf8(facts.peer), origin);
  AppendText(kPathField, MadeUtf8(facts.path), origin);
  for (const PathVariable& one : facts.variables) {
    AppendField(kVariablesField, EncodeVariable(one.name, one.value), origin);
  }
  AppendText(kSubjectField, MadeUtf8(facts.certificate_subject), origin);
  std::string field;
  field.reserve(origin.size() + 3);
  AppendField(kOriginField, origin, field);
  return field;
}

std::string_view OriginInside(std::string_view origin_field) { return TakeField(origin_field).second; }

bool HasVariables(std::string_view origin, const WantedVariables& wanted) {
  return std::ranges::all_of(wanted,
                             [&](const auto& one) { return HasEntry(origin, EncodeVariable(one.first, one.second)); });
}

}  // namespace inlet::ingest
