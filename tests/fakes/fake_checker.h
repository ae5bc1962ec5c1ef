// A checker whose reports a test writes.
#ifndef INLET_TESTS_FAKES_FAKE_CHECKER_H_
#define INLET_TESTS_FAKES_FAKE_CHECKER_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "ingest/connection_checker.h"

namespace inlet::ingest {

// Start and the end of checks on the loop's thread; the rest on any.
class FakeChecker final : public ConnectionChecker {
 public:
  explicit FakeChecker(Loop& loop) : loop_(loop) {}

  absl::StatusOr<std::unique_ptr<Check>> Start(const StreamSpec& spec, const CheckOptions& options,
                                               Done done) override {
    const std::lock_guard lock(mutex_);
    spec_ = spec;
    options_ = options;
    ++started_;
    changed_.notify_all();
    if (!refusal_.ok()) return refusal_;
    if (report_) loop_.Post([done = std::move(done), report = *report_] { done(report); });
    return std::make_unique<Running>(*this);
  }

  // Without it checks report nothing.
  void SetReport(CheckReport report) {
    const std::lock_guard lock(mutex_);
    report_ = std::move(report);
  }
  void SetRefusal(absl::Status refusal) {
    const std::lock_guard lock(mutex_);
    refusal_ = std::move(refusal);
  }

  // False: it took longer than anybody's patience.
  bool AwaitStarted(int count) { return Await(started_, count); }
  bool AwaitEnded(int count) { return Await(ended_, count); }

  StreamSpec spec() const {
    const std::lock_guard lock(mutex_);
    return spec_;
  }
  CheckOptions options() const {
    const std::lock_guard lock(mutex_);
    return options_;
  }

 private:
  class Running final : public Check {
   public:
    explicit Running(FakeChecker& checker) : checker_(checker) {}
    ~Running() override {
      const std::lock_guard lock(checker_.mutex_);
      ++checker_.ended_;
      checker_.changed_.notify_all();
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    FakeChecker& checker_;
  };

  bool Await(const int& counter, int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return counter >= count; });
  }

  Loop& loop_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  StreamSpec spec_;  // guarded by mutex_, as all below
  CheckOptions options_;
  std::optional<CheckReport> report_;
  absl::Status refusal_;
  int started_ = 0;
  int ended_ = 0;
};

}  // namespace inlet::ingest

#endif  // INLET_TESTS_FAKES_FAKE_CHECKER_H_
