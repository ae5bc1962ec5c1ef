// Errors that a user can act on: an absl::Status that carries a reason and what it is about.
#ifndef INLET_INGEST_ERROR_H_
#define INLET_INGEST_ERROR_H_

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace inlet {

struct ErrorDetail {
  // A name of the contract's enum ErrorReason, such as "FIELD_INVALID".
  std::string reason;
  // Keys as the enum's comment lists them.
  std::vector<std::pair<std::string, std::string>> metadata;
  // Path of the request's field at fault, such as "stream.settings.maxMessageBytes". Empty: no field is.
  std::string field;
  // When to come back. Zero: no advice.
  std::chrono::milliseconds retry_delay{0};

  // Another field at fault: in `field`, and in the metadata if they name it.
  void SetField(std::string_view path);
};

// `message` must tell all by itself; `detail` repeats it for programs.
absl::Status MakeError(absl::StatusCode code, std::string_view message, const ErrorDetail& detail);

// INVALID_ARGUMENT, FIELD_INVALID about `field`.
absl::Status FieldInvalid(std::string_view field, std::string_view message);

// UNIMPLEMENTED, NOT_IMPLEMENTED about `field`.
absl::Status NotImplemented(std::string_view field, std::string_view message);

// The same error, its message preceded by `context` and ": ", its detail kept.
absl::Status AddContext(const absl::Status& status, std::string_view context);

// The same error about `field`, its message preceded by that and ": ".
absl::Status AboutField(const absl::Status& status, std::string_view field);

// Empty if the status carries none.
ErrorDetail GetErrorDetail(const absl::Status& status);

}  // namespace inlet

#endif  // INLET_INGEST_ERROR_H_
