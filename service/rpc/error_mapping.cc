// The one place where an error of ours becomes a gRPC status with its details.
#include "service/rpc/error_mapping.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/ordered_proto.h"

namespace inlet::rpc {
namespace {

constexpr std::string_view kTypePrefix = "type.googleapis.com/google.rpc.";
constexpr std::string_view kEllipsis = " ... ";

// The most that each part takes on the wire. Together, with the details in base64, they stay below kMaxErrorBytes.
constexpr size_t kMaxMessage = 560;
constexpr size_t kMaxDetails = kMaxErrorBytes - kMaxMessage - 64;
constexpr size_t kMaxKey = 32;
constexpr size_t kMaxValue = 100;
constexpr size_t kMaxDescription = 240;
constexpr size_t kMaxMetadata = 6;

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// Bytes of the UTF-8 character at the beginning of `text`; 0 if there is none.
size_t CharacterSize(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return 1;
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (size == 0 || lead > 0xF4 || text.size() < size) return 0;
  if (!std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(size), IsContinuation)) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool beyond = (lead == 0xED && second >= 0xA0) || (lead == 0xF4 && second >= 0x90);
  return overlong || beyond ? 0 : size;
}

std::string MendUtf8(std::string_view text) {
  std::string mended;
  mended.reserve(text.size());
  while (!text.empty()) {
    const size_t size = CharacterSize(text);
    if (size > 0) {
      mended.append(text.substr(0, size));
    } else {
      mended += '?';
    }
    text.remove_prefix(std::max<size_t>(size, 1));
  }
  return mended;
}

// gRPC writes what is not printable ASCII as %XX.
size_t WireSize(char byte) { return byte >= ' ' && byte <= '~' && byte != '%' ? 1 : 3; }

size_t WireSize(std::string_view text) {
  size_t size = 0;
  for (const char byte : text) size += WireSize(byte);
  return size;
}

// Where a piece that takes at most `limit` on the wire ends, at a border of characters.
size_t FitFront(std::string_view text, size_t limit) {
  size_t end = 0;
  for (size_t size = 0; end < text.size() && size + WireSize(text[end]) <= limit; ++end) size += WireSize(text[end]);
  while (end > 0 && end < text.size() && IsContinuation(text[end])) --end;
  return end;
}

size_t FitBack(std::string_view text, size_t limit) {
  size_t begin = text.size();
  for (size_t size = 0; begin > 0 && size + WireSize(text[begin - 1]) <= limit; --begin) {
    size += WireSize(text[begin - 1]);
  }
  while (begin < text.size() && IsContinuation(text[begin])) ++begin;
  return begin;
}

// UTF-8 that takes at most `limit` on the wire; cut in the middle if need be.
std::string Fit(std::string_view raw, size_t limit) {
  std::string text = MendUtf8(raw);
  if (WireSize(text) <= limit) return text;
  const size_t room = limit - kEllipsis.size();
  const std::string_view all = text;
  return Concat({all.substr(0, FitFront(all, room * 2 / 3)), kEllipsis, all.substr(FitBack(all, room / 3))});
}

void Pack(std::string_view type, const google::protobuf::Message& message, wire::Status& status) {
  google::protobuf::Any& any = *status.add_details();
  any.set_type_url(Concat({kTypePrefix, type}));
  any.set_value(OrderedBytes(message));
}

void AddErrorInfo(const ErrorDetail& detail, wire::Status& status) {
  if (detail.reason.empty()) return;
  wire::ErrorInfo info;
  info.set_reason(detail.reason);
  info.set_domain("inlet");
  for (const auto& [key, value] : detail.metadata) {
    if (std::cmp_equal(info.metadata_size(), kMaxMetadata)) break;
    (*info.mutable_metadata())[Fit(key, kMaxKey)] = Fit(value, kMaxValue);
  }
  Pack("ErrorInfo", info, status);
}

void AddBadRequest(const ErrorDetail& detail, wire::Status& status) {
  if (detail.field.empty()) return;
  wire::BadRequest request;
  auto& violation = *request.add_field_violations();
  violation.set_field(Fit(detail.field, kMaxValue));
  violation.set_description(Fit(status.message(), kMaxDescription));
  Pack("BadRequest", request, status);
}

void AddRetryInfo(const ErrorDetail& detail, wire::Status& status) {
  if (detail.retry_delay.count() <= 0) return;
  wire::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(detail.retry_delay.count() / 1000);
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(detail.retry_delay.count() % 1000 * 1'000'000));
  Pack("RetryInfo", retry, status);
}

size_t Base64Size(const wire::Status& status) { return (status.ByteSizeLong() + 2) / 3 * 4; }

// The message travels twice; where both do not fit, the copy among the details is the shorter one.
std::string Serialize(wire::Status status) {
  for (size_t limit = kMaxMessage / 2; Base64Size(status) > kMaxDetails && limit > 2 * kEllipsis.size(); limit /= 2) {
    status.set_message(Fit(status.message(), limit));
  }
  while (Base64Size(status) > kMaxDetails && !status.details().empty()) status.mutable_details()->RemoveLast();
  return status.SerializeAsString();
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const ErrorDetail detail = GetErrorDetail(status);
  const absl::string_view message = status.message();
  wire::Status wire_status;
  wire_status.set_code(static_cast<int>(status.code()));
  wire_status.set_message(Fit({message.data(), message.size()}, kMaxMessage));
  AddErrorInfo(detail, wire_status);
  AddBadRequest(detail, wire_status);
  AddRetryInfo(detail, wire_status);
  const std::string details = wire_status.details().empty() ? std::string() : Serialize(wire_status);
  return {static_cast<grpc::StatusCode>(status.code()), wire_status.message(), details};
}

std::optional<wire::Status> ParseErrorDetails(const grpc::Status& status) {
  wire::Status parsed;
  if (status.error_details().empty() || !parsed.ParseFromString(status.error_details())) return std::nullopt;
  return parsed;
}

}  // namespace inlet::rpc
