// One WatchStream call: a gRPC reactor that tells the latest status of each stream that has changed.
#ifndef INLET_SERVICE_RPC_WATCHER_H_
#define INLET_SERVICE_RPC_WATCHER_H_

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "service/rpc/delivery.h"
#include "service/rpc/watch_hub.h"
#include "service/rpc/watch_queue.h"

namespace inlet::rpc {

// Threads: gRPC's (OnWriteDone, OnCancel, OnDone), the delivery thread (OnWake, OnTimer), any (NoteChanged,
// NoteDeleted, Close). One response is in flight at most; a slow client costs nothing but the names of what has
// changed.
class Watcher final : public WatchReactor, public Deliverable, public std::enable_shared_from_this<Watcher> {
 public:
  // `name` empty: all streams.
  Watcher(std::string name, WatchHub& hub) : name_(std::move(name)), hub_(hub), queue_(name_) {}

  // Sends what there is. The reactor owns itself from here until OnDone.
  void Begin();

  // Whether it has to be woken: it was not, and there is something new to tell.
  bool NoteChanged(std::string_view name);
  bool NoteDeleted(std::string_view name);
  bool NoteClose();

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  ingest::SteadyTime OnWake(ingest::SteadyTime now) override;
  void OnPace() override { Advance(); }
  void OnRendered() override {}
  ingest::SteadyTime OnTimer(ingest::SteadyTime now) override;

 private:
  enum class State {
    kIdle,
    kWriting,    // OnWriteDone will come
    kFinishing,  // OnDone will come
  };
  enum class Step { kWait, kWrite, kWriteAndFinish, kFinish };

  // Takes the next step, if the state allows one.
  void Advance();
  // All of these expect mutex_ to be held; they fill response_ or status_.
  Step Decide();
  bool DecideSync();
  bool DecideNews();
  bool TellStatus(const std::string& name);
  void TellDeleted(const std::string& name);
  void PollCounters();

  bool WakeOnce() { return !woken_.exchange(true); }

  const std::string name_;
  WatchHub& hub_;
  WatchQueue queue_;
  std::atomic<bool> woken_{false};  // the delivery thread has us on its list
  std::atomic<bool> closing_{false};

  std::mutex mutex_;
  // Guarded by mutex_.
  State state_ = State::kIdle;
  bool cancelled_ = false;
  bool gone_ = false;  // the one stream that is watched
  bool syncing_ = true;
  std::string synced_to_;  // the stream told last while syncing
  std::string polled_to_;
  std::map<std::string, size_t> told_;  // a hash of each status as it was told last
  ingest::SteadyTime last_write_;

  v1::WatchStreamResponse response_;  // of the write in flight; belongs to who brought the state to kWriting
  absl::Status status_;
  std::shared_ptr<Watcher> self_;
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_WATCHER_H_
