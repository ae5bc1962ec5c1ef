// One row of the RFC 6455 tables, and its bytes as the other side sends them.
#include "tests/ingest/ws/rfc6455_case.h"

#include <gtest/gtest.h>

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

// Of the first `size` bytes of a frame, those that are no mask.
size_t Kept(const Layout& layout, size_t size) {
  return size - (std::clamp(size, layout.mask, layout.payload) - layout.mask);
}

std::string WithoutMask(std::string_view frame, const Layout& layout) {
  std::string out(frame.substr(0, layout.mask));
  out[1] = static_cast<char>(out[1] & 0x7f);
  out.append(frame.substr(layout.payload));
  if (layout.mask == layout.payload) return out;
  const std::string_view mask = frame.substr(layout.mask, kMaskBytes);
  for (size_t i = layout.mask; i < out.size(); ++i) out[i] = static_cast<char>(out[i] ^ mask[(i - layout.mask) % 4]);
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
  std::string bytes;
  std::vector<size_t> ends;  // of the segments, in `bytes`
  size_t begin = 0;
  size_t segment_end = segments.empty() ? 0 : segments.front().size();
  while (begin < all.size()) {
    const Layout layout = LayoutOf(std::string_view(all).substr(begin));
    while (ends.size() < segments.size() && segment_end <= begin + layout.end) {
      ends.push_back(bytes.size() + Kept(layout, segment_end - begin));
      if (ends.size() < segments.size()) segment_end += segments[ends.size()].size();
    }
    bytes += WithoutMask(std::string_view(all).substr(begin, layout.end), layout);
    begin += layout.end;
  }
  std::vector<std::string> unmasked;
  begin = 0;
  for (const size_t end : ends) {
    if (end > begin) unmasked.push_back(bytes.substr(begin, end - begin));
    begin = end;
  }
  return unmasked;
}

void PrintTo(const Rfc6455Case& row, std::ostream* out) {
  *out << row.name;
  if (!row.instead_of.empty()) *out << " (instead of: " << row.instead_of << ")";
}

void ExpectEnd(const Outcome& outcome, const RawPeer& peer, const std::optional<ReceivedFrame>& last) {
  if (outcome.end == End::kCut) {
    EXPECT_FALSE(last) << "opcode " << int{last->opcode} << ", code " << last->code();
    EXPECT_TRUE(peer.ended());
    return;
  }
  ASSERT_TRUE(last) << "the connection ended";
  EXPECT_EQ(last->opcode, outcome.end == End::kOpen ? kPong : kClose);
  if (outcome.end != End::kClose) return;
  EXPECT_EQ(last->code(), outcome.code) << last->payload;
}

}  // namespace inlet::ws
