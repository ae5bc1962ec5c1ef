// Secrets that a test sets.
#ifndef INLET_TESTS_FAKES_FAKE_CREDENTIALS_H_
#define INLET_TESTS_FAKES_FAKE_CREDENTIALS_H_

#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ingest/credentials.h"

namespace inlet::ingest {

// ${env:NAME} alone is known, by the names in `values`.
class FakeCredentials final : public Credentials {
 public:
  absl::StatusOr<std::string> Expand(std::string_view text) const override {
    std::string expanded;
    while (true) {
      const size_t begin = text.find("${env:");
      expanded += text.substr(0, begin);
      if (begin == std::string_view::npos) return expanded;
      const size_t end = text.find('}', begin);
      const std::string name(text.substr(begin + 6, end - begin - 6));
      const auto found = values.find(name);
      if (found == values.end()) return absl::FailedPreconditionError("${env:" + name + "} is not set");
      expanded += found->second;
      text.remove_prefix(end + 1);
    }
  }
  absl::StatusOr<std::string> ReadFile(std::string_view path) const override {
    return absl::FailedPreconditionError(std::string(path) + " does not exist");
  }

  std::map<std::string, std::string> values;
};

}  // namespace inlet::ingest

#endif  // INLET_TESTS_FAKES_FAKE_CREDENTIALS_H_
