// The folder that one service keeps its files in: made if it is missing, locked while the service runs.
#include "service/catalog/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "ingest/text.h"
#include "service/catalog/store_error.h"

namespace inlet::catalog {
namespace {

constexpr std::string_view kLockFile = "inletd.lock";
constexpr mode_t kOwnFolder = 0700;
constexpr mode_t kOwnFile = 0600;
constexpr mode_t kOthers = 077;

// Without this a folder could be gone after a power failure, and all that was written in it.
void SyncFolder(const std::string& path) {
  const int descriptor = open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

absl::Status MakeFolder(const std::filesystem::path& path) {
  std::error_code error;
  if (path.empty() || std::filesystem::is_directory(path, error)) return absl::OkStatus();
  if (absl::Status above = MakeFolder(path.parent_path()); !above.ok()) return above;
  // Somebody else may make it at the same time.
  const bool made = mkdir(path.c_str(), kOwnFolder) == 0;
  const int why = errno;
  if (!made && (why != EEXIST || !std::filesystem::is_directory(path, error))) {
    return PathError(path.native(), "make the folder", why);
  }
  SyncFolder(path.parent_path().native());
  return absl::OkStatus();
}

int OpenFile(const std::string& path) {
  return open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kOwnFile);
}

// Who holds the lock, as the holder has written it.
std::string Holder(int lock) {
  std::array<char, 20> text{};
  const ssize_t size = pread(lock, text.data(), text.size(), 0);
  if (size <= 0) return {};
  const std::string_view number(text.data(), static_cast<size_t>(size));
  return Concat({" (process ", number.substr(0, number.find('\n')), ")"});
}

// For Holder alone: a full disk does not matter.
void WriteHolder(int lock) {
  const std::string text = Concat({std::to_string(getpid()), "\n"});
  if (ftruncate(lock, 0) != 0) return;
  if (pwrite(lock, text.data(), text.size(), 0) < 0) return;
}

absl::Status Lock(int lock, const std::string& folder) {
  if (flock(lock, LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
  if (errno != EWOULDBLOCK) return PathError(Concat({folder, "/", kLockFile}), "lock", errno);
  return StoreUnavailable(Concat({"the folder ", folder, " is in use by another inletd", Holder(lock),
                                  ": stop it, or give this one a folder of its own with dataDir"}));
}

}  // namespace

absl::StatusOr<std::unique_ptr<DataFolder>> DataFolder::Open(const std::string& path) {
  // "data/" and "data" are one folder; its parent must be told by the text.
  const std::string folder =
      path.size() > 1 && path.ends_with('/') ? path.substr(0, path.find_last_not_of('/') + 1) : path;
  if (absl::Status made = MakeFolder(folder); !made.ok()) return made;
  const std::string name = Concat({folder, "/", kLockFile});
  const int lock = OpenFile(name);
  if (lock < 0) return PathError(name, "open", errno);
  std::unique_ptr<DataFolder> opened(new DataFolder(folder, lock));
  if (absl::Status locked = Lock(lock, folder); !locked.ok()) return locked;
  WriteHolder(lock);
  return opened;
}

// The file stays: a lock on a name that can vanish protects nothing.
DataFolder::~DataFolder() { close(lock_); }

std::string DataFolder::FilePath(std::string_view name) const { return Concat({path_, "/", name}); }

void DataFolder::Remove(std::string_view name) const { unlink(FilePath(name).c_str()); }

absl::Status DataFolder::Rename(std::string_view name, std::string_view other) const {
  if (rename(FilePath(name).c_str(), FilePath(other).c_str()) != 0) {
    return PathError(FilePath(other), "make", errno);
  }
  SyncFolder(path_);
  return absl::OkStatus();
}

absl::Status DataFolder::MakePrivateFile(std::string_view name) const {
  const std::string path = FilePath(name);
  const int file = OpenFile(path);
  if (file < 0) return PathError(path, "open", errno);
  struct stat facts {};
  const bool is_known = fstat(file, &facts) == 0;
  const bool is_open = is_known && (facts.st_mode & kOthers) != 0;
  const int error = !is_known || (is_open && fchmod(file, kOwnFile) != 0) ? errno : 0;
  close(file);
  return error == 0 ? absl::OkStatus() : PathError(path, "keep others from reading", error);
}

}  // namespace inlet::catalog
