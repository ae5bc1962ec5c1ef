// The seam to secrets and certificates: what may change while a stream runs, and is asked for again at each use.
#ifndef INLET_INGEST_CREDENTIALS_H_
#define INLET_INGEST_CREDENTIALS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace inlet::ingest {

// Any thread; never blocks: it answers from a copy in memory that somebody else keeps fresh.
class Credentials {
 public:
  virtual ~Credentials() = default;

  // `text` with each ${env:NAME} and ${file:NAME} replaced by its value. FailedPrecondition: a reference yields nothing
  // now, or is not allowed; the message names the reference, never a value.
  virtual absl::StatusOr<std::string> Expand(std::string_view text) const = 0;

  // The content of a certificate or key file. FailedPrecondition: it cannot be read, or lies outside the operator's
  // folder; the message names the path.
  virtual absl::StatusOr<std::string> ReadFile(std::string_view path) const = 0;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_CREDENTIALS_H_
