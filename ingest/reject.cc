// What could not become a record, and why.
#include "ingest/reject.h"

#include "ingest/json_parser.h"
#include "ingest/text.h"

namespace inlet::ingest {
namespace {

// Without the beginning of a character at the end of a text that was cut.
std::string_view WithoutHalfCharacter(std::string_view text) {
  constexpr size_t kLongest = 4;
  for (size_t back = 1; back <= kLongest && back <= text.size(); ++back) {
    const auto byte = static_cast<uint8_t>(text[text.size() - back]);
    if ((byte & 0xC0U) == 0x80) continue;  // in the middle of a character
    const size_t size = byte < 0x80 ? 1 : (byte < 0xE0 ? 2 : (byte < 0xF0 ? 3 : kLongest));
    return back < size ? text.substr(0, text.size() - back) : text;
  }
  return text;
}

// The message did not come as far as the decoder.
bool IsFault(const Reject& reject) {
  const bool is_fault_reason = reject.reason == RejectReason::kBinaryMessage ||
                               reject.reason == RejectReason::kNoRoom || reject.reason == RejectReason::kTooLarge;
  return is_fault_reason && !reject.index;
}

}  // namespace

RejectContent CutContent(const Reject& reject) {
  std::string_view bytes = reject.content.substr(0, kMaxRejectContentBytes);
  if (reject.is_binary) return {bytes, false};
  const bool is_cut = bytes.size() < reject.content.size() || bytes.size() < reject.size;
  const std::string_view text = is_cut ? WithoutHalfCharacter(bytes) : bytes;
  return IsUtf8(text) ? RejectContent{text, true} : RejectContent{bytes, false};
}

std::string Describe(const Reject& reject) {
  std::string text = Concat({RejectReasonName(reject.reason), ": ", reject.detail});
  if (IsFault(reject)) return text;
  if (reject.index) text += Concat({", in element ", std::to_string(*reject.index)});
  return Concat({text, ", at byte ", std::to_string(reject.byte_offset)});
}

std::string_view RejectReasonName(RejectReason reason) {
  switch (reason) {
    case RejectReason::kInvalidJson:
      return "INVALID_JSON";
    case RejectReason::kNotAnObject:
      return "NOT_AN_OBJECT";
    case RejectReason::kTooDeep:
      return "TOO_DEEP";
    case RejectReason::kSchemaMismatch:
      return "SCHEMA_MISMATCH";
    case RejectReason::kBinaryMessage:
      return "BINARY_MESSAGE";
    case RejectReason::kInvalidUtf8:
      return "INVALID_UTF8";
    case RejectReason::kTooLarge:
      return "TOO_LARGE";
    case RejectReason::kNoRoom:
      return "NO_ROOM";
  }
  return "UNKNOWN";
}

}  // namespace inlet::ingest
