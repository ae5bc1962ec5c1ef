// What could not become a record, and why.
#ifndef INLET_INGEST_REJECT_H_
#define INLET_INGEST_REJECT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace inlet::ingest {

// Numbers are the contract's.
enum class RejectReason {
  kInvalidJson = 1,
  kNotAnObject = 2,
  kTooDeep = 3,         // nested deeper than 1,024
  kSchemaMismatch = 4,  // strict alone
  kBinaryMessage = 5,
  kInvalidUtf8 = 6,
  kTooLarge = 7,  // the message, more in it than a Decoder allows, or a record once it is converted
  kNoRoom = 8,    // no memory for all long messages that had begun
};

// One more than the largest number of a reason, for arrays that are indexed by it.
inline constexpr size_t kRejectReasons = 9;

// How many, by the number of their reason.
using RejectCounts = std::array<uint64_t, kRejectReasons>;

// "INVALID_JSON" and so on.
std::string_view RejectReasonName(RejectReason reason);

// Of a reject's content so many bytes are kept.
inline constexpr size_t kMaxRejectContentBytes = 4096;

struct Reject {
  RejectReason reason = RejectReason::kInvalidJson;
  std::string detail;             // a sentence without the content
  uint32_t byte_offset = 0;       // in the message
  std::optional<uint32_t> index;  // in an array
  std::string_view content;       // the element, or the message, or what is known of it; points into the message
  bool is_binary = false;         // the content is no text
  uint64_t size = 0;              // bytes of the whole, if more than the content
};

// The content as it is kept: cut at kMaxRejectContentBytes, at the end of a character if it is text.
struct RejectContent {
  std::string_view bytes;
  bool is_text = false;  // UTF-8
};
RejectContent CutContent(const Reject& reject);

// "NOT_AN_OBJECT: expected an object, found null, in element 3, at byte 17"
std::string Describe(const Reject& reject);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_REJECT_H_
