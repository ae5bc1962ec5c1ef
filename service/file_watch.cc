// Hears of changes to a file, whichever way it is replaced.
#include "service/file_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>
#include <vector>

#include "ingest/text.h"

namespace inlet::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB |
                             IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
constexpr milliseconds kForever{-1};

// Where a change of the file shows: in its folder, in the folder above (which may hold a link to its folder), and where
// it really is.
std::vector<std::filesystem::path> FoldersOf(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  std::vector<std::filesystem::path> folders = {absolute.parent_path().parent_path(), absolute.parent_path()};
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  if (!error) folders.push_back(real.parent_path());
  return folders;
}

// Whether `events` has something to read before `stop` has, and before the time is over.
enum class Wake { kEvent, kStop, kTime };

Wake Await(int events, int stop, milliseconds time) {
  std::array<pollfd, 2> files = {pollfd{events, POLLIN, 0}, pollfd{stop, POLLIN, 0}};
  const int ready = poll(files.data(), files.size(), static_cast<int>(time.count()));
  if (files[1].revents != 0) return Wake::kStop;
  return ready > 0 ? Wake::kEvent : Wake::kTime;
}

}  // namespace

absl::StatusOr<std::unique_ptr<FileWatch>> FileWatch::Start(Options options) {
  const int inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (inotify < 0) return absl::ErrnoToStatus(errno, "inotify_init1");
  const int stop = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (stop < 0) {
    const int error = errno;
    close(inotify);
    return absl::ErrnoToStatus(error, "eventfd");
  }
  std::unique_ptr<FileWatch> watch(new FileWatch(std::move(options), inotify, stop));
  if (absl::Status status = watch->WatchFolders(); !status.ok()) return status;
  watch->thread_ = std::thread([raw = watch.get()] { raw->Run(); });
  return watch;
}

FileWatch::FileWatch(Options options, int inotify, int stop)
    : options_(std::move(options)), inotify_(inotify), stop_(stop) {}

FileWatch::~FileWatch() {
  eventfd_write(stop_, 1);
  if (thread_.joinable()) thread_.join();
  close(inotify_);
  close(stop_);
}

// Folders come and go with the links that lead to them. To watch one again is no effort.
absl::Status FileWatch::WatchFolders() {
  std::set<int> watches;
  int error = 0;
  for (const std::filesystem::path& folder : FoldersOf(options_.path)) {
    const int watch = inotify_add_watch(inotify_, folder.c_str(), kEvents);
    if (watch >= 0) watches.insert(watch);
    if (watch < 0 && error == 0) error = errno;
  }
  for (const int old : watches_) {
    if (!watches.contains(old)) inotify_rm_watch(inotify_, old);
  }
  watches_ = std::move(watches);
  const bool is_deaf = watches_.empty();
  return is_deaf ? absl::ErrnoToStatus(error, Concat({"cannot watch the folder of ", options_.path.native()}))
                 : absl::OkStatus();
}

void FileWatch::Run() {
  while (AwaitChange() && AwaitQuiet()) {
    static_cast<void>(WatchFolders());  // before the file is read: what changes while it is read is heard, too
    options_.on_change();
  }
}

bool FileWatch::AwaitChange() const {
  Wake wake = Wake::kTime;
  while (wake == Wake::kTime) wake = Await(inotify_, stop_, kForever);
  return wake == Wake::kEvent;
}

bool FileWatch::AwaitQuiet() const {
  const auto deadline = steady_clock::now() + options_.patience;
  while (true) {
    Drain();
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) return true;
    const Wake wake = Await(inotify_, stop_, std::min(left, options_.settle));
    if (wake != Wake::kEvent) return wake == Wake::kTime;
  }
}

// What happened does not matter: the file is read, and compared with what it said.
void FileWatch::Drain() const {
  alignas(inotify_event) std::array<char, 4096> events;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (read(inotify_, events.data(), events.size()) > 0) {
  }
}

}  // namespace inlet::service
