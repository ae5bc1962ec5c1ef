// Threads that read, and a main thread that watches them.
#include "bench/read/reader.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "bench/common/clock.h"
#include "bench/common/cpu_meter.h"

namespace inlet::bench {
namespace {

constexpr int kWatchMs = 5;
constexpr uint64_t kSampleEveryNanos = kNanosPerSecond / 50;

// A thread, its queue, and the subscriptions that are read on it.
class Worker {
 public:
  Worker(const RunOptions& options, size_t first, size_t step) {
    const size_t stall = options.read.stall_every;
    for (size_t i = first; i < options.subscribers; i += step) {
      const bool stalled = stall > 0 && i % stall == stall - 1;
      subscriptions_.push_back(std::make_unique<Subscription>(options.read, i, stalled, &queue_));
    }
  }

  void Start() {
    thread_ = std::thread([this] { Run(); });
  }
  void Cancel() {
    for (const auto& subscription : subscriptions_) subscription->Cancel();
  }
  void Join() { thread_.join(); }

  const std::vector<std::unique_ptr<Subscription>>& subscriptions() const { return subscriptions_; }
  // Between the first and the last record.
  CpuUse use() const { return UseBetween(first_sample_, last_sample_); }

 private:
  void Run() {
    for (const auto& subscription : subscriptions_) subscription->Start();
    size_t open = subscriptions_.size();
    void* tag = nullptr;
    bool ok = false;
    while (open > 0 && queue_.Next(&tag, &ok)) {
      auto* subscription = static_cast<Subscription*>(tag);
      if (!subscription->Proceed(ok)) --open;
      if (subscription->progress() > 0) Sample(subscription->last_nanos());
    }
    queue_.Shutdown();
    while (queue_.Next(&tag, &ok)) continue;
  }

  void Sample(uint64_t now) {
    if (first_sample_.wall == 0) first_sample_ = SampleThisThread();
    if (now < last_sample_.wall + kSampleEveryNanos) return;
    last_sample_ = SampleThisThread();
  }

  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<Subscription>> subscriptions_;
  CpuSample first_sample_;
  CpuSample last_sample_;
  std::thread thread_;
};

using Workers = std::vector<std::unique_ptr<Worker>>;

template <typename Visitor>
void ForEach(const Workers& workers, Visitor visit) {
  for (const auto& worker : workers) {
    for (const auto& subscription : worker->subscriptions()) visit(*subscription);
  }
}

bool Longer(uint64_t nanos, double seconds) { return Seconds(nanos) > seconds; }

// Decides when the run is over.
class Watch {
 public:
  explicit Watch(const RunOptions& options) : options_(options), expected_(options.records) {}

  void Run(const Workers& workers) {
    const uint64_t give_up = MonotonicNanos() + static_cast<uint64_t>(options_.seconds * 1e9);
    while (MonotonicNanos() < give_up && !Over(Count(workers))) ReadInput();
  }

 private:
  struct Tally {
    size_t started = 0;
    size_t complete = 0;  // have what was expected, or never will
    size_t over = 0;      // the call has ended
    uint64_t progress = 0;
  };

  Tally Count(const Workers& workers) const {
    Tally tally;
    ForEach(workers, [&](const Subscription& subscription) {
      const bool complete = subscription.stalled() || subscription.progress() >= expected_;
      tally.started += subscription.started() ? 1 : 0;
      tally.complete += expected_ > 0 && complete ? 1 : 0;
      tally.over += subscription.over() ? 1 : 0;
      tally.progress += subscription.progress();
    });
    return tally;
  }

  bool Over(const Tally& tally) {
    const uint64_t now = MonotonicNanos();
    if (!ready_ && tally.started == options_.subscribers) {
      ready_ = true;
      std::cout << "ready" << std::endl;
    }
    if (tally.progress != progress_ || (tally.progress == 0 && !end_known_)) changed_ = now;
    progress_ = tally.progress;
    if (options_.read.streams > 0 && expected_ > 0 && tally.progress >= expected_) return true;
    if (tally.over == options_.subscribers || tally.complete == options_.subscribers) return true;
    if (end_known_ && Longer(now - end_known_at_, options_.drain_seconds)) return true;
    return Longer(now - changed_, options_.quiet_seconds);
  }

  // Waits a moment, for a line of standard input if it is still open.
  void ReadInput() {
    pollfd input{input_open_ ? STDIN_FILENO : -1, POLLIN, 0};
    if (poll(&input, 1, kWatchMs) <= 0) return;
    std::array<char, 64> line{};
    const ssize_t got = read(STDIN_FILENO, line.data(), line.size());
    input_open_ = got > 0;
    if (got <= 0) return;
    std::from_chars(line.data(), line.data() + got, expected_);
    end_known_ = true;
    end_known_at_ = changed_ = MonotonicNanos();
  }

  const RunOptions& options_;
  uint64_t expected_;
  bool end_known_ = false;
  uint64_t end_known_at_ = 0;
  bool ready_ = false;
  bool input_open_ = true;
  uint64_t progress_ = 0;
  uint64_t changed_ = MonotonicNanos();
};

nlohmann::ordered_json Latency(const Histogram& nanos) {
  const auto millis = [](uint64_t value) { return static_cast<double>(value) / 1e6; };
  return {{"count", nanos.count()},
          {"p50", millis(nanos.Percentile(0.5))},
          {"p99", millis(nanos.Percentile(0.99))},
          {"p99.9", millis(nanos.Percentile(0.999))},
          {"max", millis(nanos.max())}};
}

// Sums over all subscriptions that read.
struct Totals {
  size_t readers = 0;
  uint64_t records = 0, missing = 0, backwards = 0, responses = 0, bytes = 0, without_stamp = 0;
  uint64_t first = UINT64_MAX, last = 0;
  bool gap = false, ending = false, malformed = false;
  Histogram latency_nanos;
  std::string error;

  void Add(const Subscription& subscription) {
    if (subscription.stalled()) return;
    ++readers;
    records += subscription.offsets().records;
    missing += subscription.offsets().missing;
    backwards += subscription.offsets().backwards;
    responses += subscription.responses();
    bytes += subscription.bytes();
    without_stamp += subscription.without_stamp();
    if (subscription.first_nanos() > 0) first = std::min(first, subscription.first_nanos());
    last = std::max(last, subscription.last_nanos());
    gap |= subscription.notices().gap;
    ending |= subscription.notices().ending;
    malformed |= subscription.malformed();
    latency_nanos.Merge(subscription.latency_nanos());
    const grpc::Status& status = subscription.status();
    if (!status.ok() && status.error_code() != grpc::StatusCode::CANCELLED) error = status.error_message();
  }
};

std::string Report(const RunOptions& options, const Workers& workers) {
  Totals totals;
  ForEach(workers, [&](const Subscription& subscription) { totals.Add(subscription); });
  CpuUse busiest;
  for (const auto& worker : workers) {
    if (worker->use().busy_share >= busiest.busy_share) busiest = worker->use();
  }
  const double seconds = totals.last > totals.first ? Seconds(totals.last - totals.first) : 0;
  const double each = static_cast<double>(totals.records) / static_cast<double>(std::max<size_t>(1, totals.readers));
  nlohmann::ordered_json report;
  report["subscribers"] = totals.readers;
  report["records"] = totals.records;
  report["records_each"] = each;
  report["seconds"] = seconds;
  report["records_per_second_each"] = seconds > 0 ? each / seconds : 0.0;
  report["records_a_response"] =
      static_cast<double>(totals.records) / static_cast<double>(std::max<uint64_t>(1, totals.responses));
  report["missing"] = totals.missing;
  report["backwards"] = totals.backwards;
  report["malformed"] = totals.malformed;
  report["bytes"] = totals.bytes;
  report["gap_notice"] = totals.gap;
  report["ending_notice"] = totals.ending;
  report["error"] = totals.error;
  report["cpu_share"] = busiest.cpu_share;
  report["busy_share"] = busiest.busy_share;
  report["reader_bound"] = busiest.bound;
  if (options.read.latency) report["latency_ms"] = Latency(totals.latency_nanos);
  if (options.read.latency) report["without_stamp"] = totals.without_stamp;
  return report.dump();
}

}  // namespace

std::string RunReader(const RunOptions& options) {
  Workers workers;
  const size_t threads = std::clamp<size_t>(options.threads, 1, options.subscribers);
  for (size_t i = 0; i < threads; ++i) workers.push_back(std::make_unique<Worker>(options, i, threads));
  for (const auto& worker : workers) worker->Start();
  Watch(options).Run(workers);
  for (const auto& worker : workers) worker->Cancel();
  for (const auto& worker : workers) worker->Join();
  return Report(options, workers);
}

}  // namespace inlet::bench
