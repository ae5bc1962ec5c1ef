// The secrets and certificates that streams refer to: read by the control thread, kept in memory for everyone else.
#ifndef INLET_SERVICE_SECRET_STORE_H_
#define INLET_SERVICE_SECRET_STORE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/credentials.h"

namespace inlet::service {

// What somebody refers to, each as it is written: "${env:NAME}", "${file:NAME}", and paths of certificate files.
struct SecretUse {
  std::set<std::string> references;
  std::set<std::string> paths;
};

// Kept by who uses it; what nobody keeps is forgotten.
using SecretLease = std::shared_ptr<const SecretUse>;

// Expand and ReadFile answer for what a lease names; any thread, they never block. All else is the control thread's.
class SecretStore final : public ingest::Credentials {
 public:
  using Environment = std::function<std::optional<std::string>(const std::string& name)>;

  struct Options {
    std::vector<std::string> variables;  // patterns of names that may be read; * stands for any characters
    std::string secrets_folder;          // empty: no ${file:...} may be read
    std::string certificates_folder;     // empty: no path may be read
    Environment environment = nullptr;   // null: the process's own
  };

  static constexpr size_t kMaxSecretBytes = 65'536;
  static constexpr size_t kMaxFileBytes = 1U << 20;

  explicit SecretStore(Options options);

  // Reads what is new in `use` now. PermissionDenied (TARGET_FORBIDDEN): a variable or a file that the operator does
  // not allow. InvalidArgument (FIELD_INVALID): one that yields nothing. The message names it, and says what to do.
  absl::StatusOr<SecretLease> Hold(SecretUse use);

  // Reads all again that somebody holds, and forgets the rest. To be called once a second.
  void Refresh();

  absl::StatusOr<std::string> Expand(std::string_view text) const override;
  absl::StatusOr<std::string> ReadFile(std::string_view path) const override;

  // Values in memory, for tests and metrics.
  size_t size() const;

 private:
  using Value = absl::StatusOr<std::string>;
  using Values = std::map<std::string, std::shared_ptr<const Value>, std::less<>>;

  Value Read(const std::string& reference) const;
  Value ReadVariable(const std::string& name) const;
  Value ReadSecretFile(const std::string& name) const;
  Value ReadCertificate(const std::string& path) const;
  void AddTo(const SecretUse& use, Values& references, Values& files) const;
  std::shared_ptr<const Values> references() const;
  std::shared_ptr<const Values> files() const;

  const Options options_;
  std::vector<std::weak_ptr<const SecretUse>> leases_;  // control thread
  mutable std::mutex mutex_;
  // Guarded by mutex_; what they point to never changes.
  std::shared_ptr<const Values> references_;
  std::shared_ptr<const Values> files_;
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_SECRET_STORE_H_
