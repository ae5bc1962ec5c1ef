// Reads a file of one folder, and of no other place.
#include "service/folder_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "ingest/text.h"

namespace inlet::service {
namespace {

constexpr char kOutside[] = "lies outside of the operator's folder";

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  const int number_;
};

absl::Status SystemError(int error) { return absl::ErrnoToStatus(error, "cannot be read"); }

// Without links; empty if there is no such file.
std::string RealPath(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), &std::free);
  return real ? std::string(real.get()) : std::string();
}

// Decided by its text alone, so that nobody learns which files there are elsewhere.
bool LeadsOut(const std::string& folder, const std::string& path) {
  if (path.starts_with('/') && !path.starts_with(Concat({folder, folder.ends_with('/') ? "" : "/"}))) return true;
  return Concat({"/", path, "/"}).find("/../") != std::string::npos;
}

absl::StatusOr<std::string> ReadAll(int descriptor, size_t limit) {
  std::string text(limit + 1, '\0');
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = read(descriptor, text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(errno);
    if (count == 0) break;
    size += static_cast<size_t>(count);
  }
  if (size > limit) {
    return absl::ResourceExhaustedError(Concat({"is larger than ", std::to_string(limit), " bytes"}));
  }
  text.resize(size);
  return text;
}

}  // namespace

absl::StatusOr<std::string> ReadFolderFile(const std::string& folder, const std::string& path, size_t limit) {
  const std::string real_folder = RealPath(folder);
  if (!real_folder.empty() && LeadsOut(folder, path) && LeadsOut(real_folder, path)) {
    return absl::PermissionDeniedError(kOutside);
  }
  if (real_folder.empty()) return SystemError(errno);
  const std::string real = RealPath(path.starts_with('/') ? path : Concat({real_folder, "/", path}));
  if (real.empty()) return SystemError(errno);
  if (!real.starts_with(Concat({real_folder, real_folder == "/" ? "" : "/"}))) {
    return absl::PermissionDeniedError(kOutside);
  }
  // Not blocking: a pipe would wait for its writer.
  const Descriptor file(open(real.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.number() < 0) return SystemError(errno);
  struct stat facts {};
  if (fstat(file.number(), &facts) != 0) return SystemError(errno);
  if (!S_ISREG(facts.st_mode)) return absl::FailedPreconditionError("is no plain file");
  return ReadAll(file.number(), limit);
}

}  // namespace inlet::service
