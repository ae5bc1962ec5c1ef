// One row of the RFC 6455 tables, and its bytes as the other side sends them.
#include "tests/ingest/ws/rfc6455_case.h"

#include <algorithm>

namespace inlet::ws {
namespace {

constexpr size_t kMaskBytes = 4;

// Where the parts of the frame at the beginning of `bytes` end.
struct Layout {
  size_t mask = 0;
  size_t payload = 0;
  size_t end = 0;  // not beyond `bytes`
};

Layout LayoutOf(std::string_view bytes) {
  const auto byte = [&](size_t at) { return uint64_t{static_cast<unsigned char>(bytes[at])}; };
  uint64_t size = byte(1) & 0x7fU;
  const size_t wide = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (wide > 0) size = 0;
  for (size_t i = 0; i < wide; ++i) size = size << 8U | byte(2 + i);
  Layout layout;
  layout.mask = 2 + wide;
  layout.payload = layout.mask + ((byte(1) & 0x80U) != 0 ? kMaskBytes : 0);
  layout.end = layout.payload + std::min<uint64_t>(size, bytes.size() - layout.payload);
  return layout;
}

// `kept[i]`: bytes without masks that come of the first i bytes of `bytes`.
std::string WithoutMasks(const std::string& bytes, std::vector<size_t>& kept) {
  std::string out;
  kept.assign(1, 0);
  for (size_t begin = 0; begin < bytes.size();) {
    const std::string_view rest = std::string_view(bytes).substr(begin);
    const auto [mask, payload, end] = LayoutOf(rest);
    for (size_t i = 0; i < end; ++i) {
      auto byte = static_cast<unsigned char>(rest[i]);
      if (i == 1) byte &= 0x7fU;
      if (i >= payload && payload > mask) byte ^= static_cast<unsigned char>(rest[mask + (i - payload) % kMaskBytes]);
      if (i < mask || i >= payload) out.push_back(static_cast<char>(byte));
      kept.push_back(out.size());
    }
    begin += end;
  }
  return out;
}

}  // namespace

std::vector<std::string> Bytes(std::string_view text) {
  std::vector<std::string> bytes;
  for (const char c : text) bytes.emplace_back(1, c);
  return bytes;
}

std::vector<std::string> AsServerSends(const std::vector<std::string>& segments) {
  std::string all;
  for (const std::string& segment : segments) all += segment;
  std::vector<size_t> kept;
  const std::string bytes = WithoutMasks(all, kept);
  std::vector<std::string> unmasked;
  size_t begin = 0;
  for (const std::string& segment : segments) {
    const size_t end = begin + segment.size();
    if (kept[end] > kept[begin]) unmasked.push_back(bytes.substr(kept[begin], kept[end] - kept[begin]));
    begin = end;
  }
  return unmasked;
}

void PrintTo(const Rfc6455Case& row, std::ostream* out) {
  *out << row.name;
  if (!row.instead_of.empty()) *out << " (instead of: " << row.instead_of << ")";
}

}  // namespace inlet::ws
