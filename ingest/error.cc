// Errors that a user can act on: how the detail travels inside an absl::Status.
#include "ingest/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "ingest/text.h"

namespace inlet {
namespace {

constexpr char kPayload[] = "inlet.v1/error_detail";

// A list of texts, each preceded by its length and a colon.
void Put(std::string& out, std::string_view text) { out += Concat({std::to_string(text.size()), ":", text}); }

std::string Take(std::string_view& in) {
  const size_t colon = in.find(':');
  if (colon == std::string_view::npos) return {};
  const size_t size = std::stoul(std::string(in.substr(0, colon)));
  std::string text(in.substr(colon + 1, size));
  in.remove_prefix(colon + 1 + size);
  return text;
}

std::string Encode(const ErrorDetail& detail) {
  std::string out;
  Put(out, detail.reason);
  Put(out, detail.field);
  Put(out, std::to_string(detail.retry_delay.count()));
  for (const auto& [key, value] : detail.metadata) {
    Put(out, key);
    Put(out, value);
  }
  return out;
}

ErrorDetail Decode(std::string_view in) {
  ErrorDetail detail;
  detail.reason = Take(in);
  detail.field = Take(in);
  detail.retry_delay = std::chrono::milliseconds(std::stol(Take(in)));
  while (!in.empty()) {
    std::string key = Take(in);
    detail.metadata.emplace_back(std::move(key), Take(in));
  }
  return detail;
}

}  // namespace

void ErrorDetail::SetField(std::string_view path) {
  field = path;
  for (auto& [key, value] : metadata) {
    if (key == "field") value = field;
  }
}

absl::Status MakeError(absl::StatusCode code, std::string_view message, const ErrorDetail& detail) {
  absl::Status status(code, absl::string_view(message.data(), message.size()));
  status.SetPayload(kPayload, absl::Cord(Encode(detail)));
  return status;
}

absl::Status FieldInvalid(std::string_view field, std::string_view message) {
  const std::string name(field);
  return MakeError(absl::StatusCode::kInvalidArgument, message, {"FIELD_INVALID", {{"field", name}}, name, {}});
}

absl::Status NotImplemented(std::string_view field, std::string_view message) {
  const std::string name(field);
  return MakeError(absl::StatusCode::kUnimplemented, message, {"NOT_IMPLEMENTED", {{"field", name}}, name, {}});
}

absl::Status AddContext(const absl::Status& status, std::string_view context) {
  const absl::string_view message = status.message();
  return MakeError(status.code(), Concat({context, ": ", {message.data(), message.size()}}), GetErrorDetail(status));
}

absl::Status AboutField(const absl::Status& status, std::string_view field) {
  ErrorDetail detail = GetErrorDetail(status);
  detail.SetField(field);
  const absl::string_view message = status.message();
  return MakeError(status.code(), Concat({field, ": ", {message.data(), message.size()}}), detail);
}

ErrorDetail GetErrorDetail(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayload);
  if (!payload) return {};
  std::string encoded;
  absl::CopyCordToString(*payload, &encoded);
  return Decode(encoded);
}

}  // namespace inlet
