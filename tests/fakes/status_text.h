// Shorthand to look into errors.
#ifndef INLET_TESTS_FAKES_STATUS_TEXT_H_
#define INLET_TESTS_FAKES_STATUS_TEXT_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "ingest/error.h"

namespace inlet {

inline std::string Text(const absl::Status& status) { return {status.message().data(), status.message().size()}; }

inline std::string Reason(const absl::Status& status) { return GetErrorDetail(status).reason; }

inline std::string Field(const absl::Status& status) { return GetErrorDetail(status).field; }

inline std::string Metadata(const absl::Status& status, std::string_view key) {
  for (const auto& [name, value] : GetErrorDetail(status).metadata) {
    if (name == key) return value;
  }
  return "(none)";
}

}  // namespace inlet

#endif  // INLET_TESTS_FAKES_STATUS_TEXT_H_
