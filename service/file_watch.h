// Hears of changes to a file, whichever way it is replaced.
#ifndef INLET_SERVICE_FILE_WATCH_H_
#define INLET_SERVICE_FILE_WATCH_H_

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <thread>

#include "absl/status/statusor.h"

namespace inlet::service {

class FileWatch {
 public:
  struct Options {
    std::filesystem::path path;  // need not exist, nor its folder, but the folder of that
    // On a thread of the watch; after it returns, later changes are heard of. May be called without a change.
    std::function<void()> on_change;
    std::chrono::milliseconds settle{200};     // quiet time that ends a change
    std::chrono::milliseconds patience{1000};  // after its first sign a change is told, quiet or not
  };

  // Hears of a file written and closed, renamed over, made or deleted, and of the swap of a symbolic link in its folder
  // or in the folder above, as Kubernetes updates a ConfigMap. Fails with the code of the system's error.
  static absl::StatusOr<std::unique_ptr<FileWatch>> Start(Options options);

  // No call runs afterwards.
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

 private:
  FileWatch(Options options, int inotify, int stop);

  absl::Status WatchFolders();
  void Run();
  // False: the watch ends.
  bool AwaitChange() const;
  bool AwaitQuiet() const;
  void Drain() const;

  const Options options_;
  const int inotify_;
  const int stop_;  // an eventfd
  std::set<int> watches_;
  std::thread thread_;
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_FILE_WATCH_H_
