// An object is checked once, in place, where its entry already is; everything else takes the slow path of the scanner.
#include "ingest/decoder.h"

#include "ingest/json_check.h"
#include "ingest/json_kind.h"
#include "ingest/json_parser.h"
#include "ingest/json_scanner.h"
#include "ingest/projector.h"
#include "ingest/text.h"

namespace inlet::ingest {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

char FirstAfterWhitespace(std::string_view text) {
  const size_t first = text.find_first_not_of(" \n\r\t");
  return first == std::string_view::npos ? '\0' : text[first];
}

// Size of the character at the beginning of `text`, 0 if it is not UTF-8 (RFC 3629: shortest form, no surrogates).
size_t Utf8Size(std::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  if (lead < 0x80) return 1;
  const size_t size = lead >= 0xF0 ? 4 : (lead >= 0xE0 ? 3 : 2);
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
  uint8_t lowest = 0x80;
  uint8_t highest = 0xBF;
  if (lead == 0xE0) lowest = 0xA0;
  if (lead == 0xED) highest = 0x9F;
  if (lead == 0xF0) lowest = 0x90;
  if (lead == 0xF4) highest = 0x8F;
  for (size_t i = 1; i < size; ++i, lowest = 0x80, highest = 0xBF) {
    const auto next = static_cast<uint8_t>(text[i]);
    if (next < lowest || next > highest) return 0;
  }
  return size;
}

size_t ValidUtf8Prefix(std::string_view text) {
  size_t position = 0;
  while (position < text.size()) {
    const size_t size = Utf8Size(text.substr(position));
    if (size == 0) break;
    position += size;
  }
  return position;
}

// Decodes one message that is not plainly an object.
class SlowDecode {
 public:
  SlowDecode(std::string_view text, const RecordHeader& header, const CompiledSchema* schema, Projector& projector,
             PaddedBuffer& out)
      : text_(text),
        header_(header),
        schema_(schema),
        projector_(projector),
        out_(out),
        out_size_(out.size()),
        scanner_(text, Decoder::kMaxDepth) {}

  DecodeResult Run() {
    if (!IsUtf8(text_)) {
      RejectMessage(RejectReason::kInvalidUtf8, "the message is not UTF-8", ValidUtf8Prefix(text_));
      result_.invalid_utf8 = true;
    } else if (text_.starts_with(kByteOrderMark)) {
      RejectMessage(RejectReason::kInvalidJson, "expected JSON, found a byte order mark", 0);
    } else if (scanner_.Peek() == JsonScanner::kEnd) {
      RejectMessage(RejectReason::kInvalidJson, text_.empty() ? "the message is empty" : "the message is blank", 0);
    } else if (!(scanner_.Peek() == '[' ? DecodeArray() : DecodeSingle()) || !ExpectEnd()) {
      RejectMessage(RejectReason::kInvalidJson, scanner_.ErrorDetail(), scanner_.position());
    }
    return std::move(result_);
  }

 private:
  bool DecodeSingle() {
    const size_t start = scanner_.position();
    if (!scanner_.SkipValue()) return false;
    if (scanner_.Peek() != JsonScanner::kEnd) return true;  // an error, which the caller finds
    TakeValue(text_, start, {});
    return true;
  }

  bool DecodeArray() {
    scanner_.Take('[');
    if (scanner_.Take(']')) return true;
    for (uint32_t index = 0;; ++index) {
      scanner_.Peek();
      const size_t start = scanner_.position();
      if (!scanner_.SkipValue()) return false;
      TakeValue(text_.substr(start, scanner_.position() - start), start, index);
      if (scanner_.Take(',')) continue;
      return scanner_.Take(']') || scanner_.Fail("',' or ']' after an element of the array");
    }
  }

  bool ExpectEnd() {
    return scanner_.Peek() == JsonScanner::kEnd || scanner_.Fail("the end of the message after its one value");
  }

  // `value`: the text of the record; the value itself begins at `start` in the message.
  void TakeValue(std::string_view value, size_t start, std::optional<uint32_t> index) {
    if (text_[start] != '{') {
      const std::string_view expected = index ? "an object" : "an object or an array of objects";
      Add({RejectReason::kNotAnObject, {}, Offset(start), index, value}, [&] {
        return Concat({"expected ", expected, ", found ", KindOfValue(text_[start])});
      });
    } else if (scanner_.too_deep()) {
      Add({RejectReason::kTooDeep, {}, Offset(scanner_.too_deep_position()), index, value}, [] {
        return Concat({"nested deeper than ", std::to_string(Decoder::kMaxDepth), " levels"});
      });
    } else if (result_.records == Decoder::kMaxRecordsPerMessage) {
      Add({RejectReason::kTooLarge, {}, Offset(start), index, value}, [] {
        return Concat({"more than ", std::to_string(Decoder::kMaxRecordsPerMessage), " records in one message"});
      });
    } else if (full_) {
      AddBeyondBytes(value, start, index);
    } else {
      TakeObject(value, start, index);
    }
  }

  void TakeObject(std::string_view value, size_t start, std::optional<uint32_t> index) {
    const size_t before = out_.size();
    if (schema_ != nullptr && !Project(value, start, index)) return;
    if (schema_ == nullptr) AppendJsonEntry(header_, value, out_);
    full_ = out_.size() - out_size_ > Decoder::kMaxBytesPerMessage;
    if (!full_) {
      ++result_.records;
      return;
    }
    out_.Truncate(before);
    AddBeyondBytes(value, start, index);
  }

  void AddBeyondBytes(std::string_view value, size_t start, std::optional<uint32_t> index) {
    Add({RejectReason::kTooLarge, {}, Offset(start), index, value}, [] {
      return Concat({"more than ", std::to_string(Decoder::kMaxBytesPerMessage), " bytes of records in one message"});
    });
  }

  // Whether a record was appended; else there is a reject.
  bool Project(std::string_view value, size_t start, std::optional<uint32_t> index) {
    switch (projector_.Append(*schema_, value, header_, out_)) {
      case Projector::Outcome::kRecord:
        return true;
      case Projector::Outcome::kMismatch:
        AddMismatch(projector_.mismatch(), value, static_cast<size_t>(value.data() - text_.data()), index);
        break;
      case Projector::Outcome::kTooLarge:
        Add({RejectReason::kTooLarge, {}, Offset(start), index, value}, [] {
          return Concat({"larger than ", std::to_string(Projector::kMaxRecordBytes), " bytes once it is converted"});
        });
        break;
      case Projector::Outcome::kNoObject:  // the scanner has seen that it is one: there is no memory to look at it
        Add({RejectReason::kTooLarge, {}, Offset(start), index, value}, [] { return "no memory to convert it"; });
        break;
    }
    return false;
  }

  // `begin`: of `value` in the message.
  void AddMismatch(const SchemaMismatch& mismatch, std::string_view value, size_t begin,
                   std::optional<uint32_t> index) {
    Add({RejectReason::kSchemaMismatch, {}, Offset(begin + mismatch.position), index, value},
        [&] { return DescribeMismatch(mismatch); });
  }

  // `describe` is called only for a reject that is kept.
  template <typename Describe>
  void Add(Reject reject, Describe describe) {
    ++result_.rejects;
    ++result_.rejects_by_reason[static_cast<size_t>(reject.reason)];
    if (result_.first_rejects.size() == Decoder::kMaxRejectsKept) return;
    reject.detail = describe();
    result_.first_rejects.push_back(std::move(reject));
  }

  // The message as a whole is one reject; records already taken from it are taken back.
  void RejectMessage(RejectReason reason, std::string detail, size_t position) {
    out_.Truncate(out_size_);
    result_ = {};
    Add({reason, {}, Offset(position), {}, text_}, [&] { return std::move(detail); });
  }

  static uint32_t Offset(size_t position) { return static_cast<uint32_t>(position); }

  std::string_view text_;
  const RecordHeader& header_;
  const CompiledSchema* schema_;
  Projector& projector_;
  PaddedBuffer& out_;
  size_t out_size_;
  bool full_ = false;  // kMaxBytesPerMessage is reached
  JsonScanner scanner_;
  DecodeResult result_;
};

}  // namespace

struct Decoder::Parser {
  JsonCheck check;
  JsonParser json{kMaxDepth};  // for texts that the check leaves to it
  Projector projector{check.structure()};

  // Appends the record of a `text` that is an object. False: it may be one all the same, and nothing was appended.
  bool AppendObject(std::string_view text, const RecordHeader& header, const CompiledSchema* schema,
                    PaddedBuffer& out) {
    if (schema != nullptr) return projector.Append(*schema, text, header, out) == Projector::Outcome::kRecord;
    const size_t before = out.size();
    const size_t json_start = AppendJsonEntry(header, text, out);
    const std::string_view object = out.view().substr(json_start, text.size());
    if (check.IsPlainObject(object) || json.Parse(object)) return true;
    out.Truncate(before);
    return false;
  }
};

Decoder::Decoder() : parser_(std::make_unique<Parser>()) {}

Decoder::~Decoder() = default;

DecodeResult Decoder::Decode(std::string_view text, const RecordHeader& header, const CompiledSchema* schema,
                             PaddedBuffer& out) {
  if (FirstAfterWhitespace(text) == '{' && parser_->AppendObject(text, header, schema, out)) {
    DecodeResult result;
    result.records = 1;
    return result;
  }
  return SlowDecode(text, header, schema, parser_->projector, out).Run();
}

}  // namespace inlet::ingest
