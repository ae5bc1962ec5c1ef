// The decoder on any bytes: it agrees with simdjson, with nlohmann and with itself, and what it writes is read back.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "ingest/decoder.h"
#include "ingest/json_check.h"
#include "ingest/json_parser.h"
#include "ingest/json_scanner.h"
#include "inlet/v1/inlet.pb.h"
#include "tests/ingest/json_oracle.h"

namespace inlet::ingest {
namespace {

void Require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", promise);
  std::abort();
}

// An integer beyond 64 bits, which simdjson refuses.
bool MayHoldLargeInteger(std::string_view text) {
  size_t digits = 0;
  for (const char byte : text) {
    digits = byte >= '0' && byte <= '9' ? digits + 1 : 0;
    if (digits >= 19) return true;
  }
  return false;
}

struct Scan {
  bool accepts = false;
  bool deep = false;  // about where simdjson gives up
};

Scan ScanText(std::string_view text) {
  constexpr uint32_t kDeepest = Decoder::kMaxDepth - 1;
  JsonScanner scanner(text, kDeepest);
  Scan scan;
  scan.accepts = scanner.SkipValue() && scanner.Peek() == JsonScanner::kEnd;
  scan.deep = scanner.too_deep();
  return scan;
}

std::string Padded(std::string_view text) { return std::string(text).append(JsonParser::kPadding, ' '); }

void CheckVerdicts(std::string_view text) {
  static JsonParser parser(Decoder::kMaxDepth);
  const std::string padded = Padded(text);
  const bool parsed = parser.Parse(std::string_view(padded).substr(0, text.size()));
  if (!IsUtf8(text)) return Require(!parsed, "simdjson refuses what is not UTF-8");
  const Scan scan = ScanText(text);
  if (parsed) Require(scan.accepts, "the scanner accepts what simdjson accepts");
  static JsonCheck check;
  const bool plain = check.IsPlainObject(std::string_view(padded).substr(0, text.size()));
  if (plain) Require(scan.accepts, "the check accepts nothing that the scanner refuses");
  const bool is_object =
      text.find_first_not_of(" \n\r\t") == text.find('{') && text.find('{') != std::string_view::npos;
  if (parsed && is_object && text.find('\\') == std::string_view::npos) Require(plain, "plain objects are recognized");
  if (JudgedOtherwise(text)) return;
  if (scan.accepts && !scan.deep && !MayHoldLargeInteger(text)) {
    Require(parsed, "simdjson accepts what the scanner accepts");
  }
  Require(scan.accepts == Judge(text).valid, "the scanner and nlohmann agree");
}

void CheckRejects(std::string_view text, const DecodeResult& result) {
  Require(result.first_rejects.size() == std::min(result.rejects, Decoder::kMaxRejectsKept), "rejects are counted");
  for (const Reject& reject : result.first_rejects) {
    Require(reject.byte_offset <= text.size(), "an error lies in the message");
    Require(!reject.detail.empty() && reject.detail.size() < 200, "a reject has a sentence");
    Require(reject.content.data() >= text.data() && reject.content.size() <= text.size(), "content is of the message");
  }
  if (!result.invalid_utf8) return;
  Require(result.records == 0 && result.rejects == 1, "what is not UTF-8 is one reject");
  const size_t offset = result.first_rejects[0].byte_offset;
  Require(offset < text.size() && IsUtf8(text.substr(0, offset)), "up to the error it is UTF-8");
}

void CheckDecoding(std::string_view text) {
  static Decoder decoder;
  PaddedBuffer out;
  const DecodeResult result = decoder.Decode(text, {WallTime(), 7}, nullptr, out);
  v1::SubscribeResponse response;
  Require(response.ParseFromArray(out.data(), static_cast<int>(out.size())), "entries are a response");
  Require(response.records_size() == static_cast<int>(result.records), "each record is an entry");
  Require(result.invalid_utf8 == !IsUtf8(text), "what is not UTF-8 is found");
  for (const v1::Record& record : response.records()) {
    Require(text.find(record.json()) != std::string_view::npos, "a record is a piece of the message");
    Require(ScanText(record.json()).accepts, "a record is JSON");
  }
  CheckRejects(text, result);
}

}  // namespace
}  // namespace inlet::ingest

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  inlet::ingest::CheckVerdicts(text);
  inlet::ingest::CheckDecoding(text);
  return 0;
}
