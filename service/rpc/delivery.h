// The delivery thread: wakes idle subscribers whose log has grown, renders the decoded view, and keeps their time.
#ifndef INLET_SERVICE_RPC_DELIVERY_H_
#define INLET_SERVICE_RPC_DELIVERY_H_

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "ingest/record_log.h"
#include "ingest/view_cache.h"

namespace inlet::rpc {

// Who is served. All calls come on the delivery thread, with no lock held.
class Deliverable : public ingest::LogReader {
 public:
  // Its log has grown, changed state or closed: it waits there no longer. Returns when it wants to be called again, at
  // once if that is not after `now`: a reader that was sent something a moment ago gets more in one piece a little
  // later.
  virtual ingest::SteadyTime OnWake(ingest::SteadyTime now) = 0;
  // The time that OnWake returned has come.
  virtual void OnPace() = 0;
  // What Delivery::Render was asked for is in the cache.
  virtual void OnRendered() = 0;
  // Its time has come. Returns when to be called again.
  virtual ingest::SteadyTime OnTimer(ingest::SteadyTime now) = 0;
};

class Delivery : public ingest::LogWaker {
 public:
  explicit Delivery(ingest::ViewCache& views) : views_(views) {}
  // Stops.
  ~Delivery() override;

  void Start();
  // Ends the thread; what is still queued is dropped. Idempotent.
  void Stop();

  // Any thread; none of these blocks. The readers must be Deliverables.
  void Wake(std::vector<std::shared_ptr<ingest::LogReader>> readers) override;
  // Renders the beginning of `source`, then calls OnRendered.
  void Render(std::shared_ptr<Deliverable> client, ingest::Batch source);
  // First call of OnTimer. A client that is gone by then is forgotten.
  void StartTimer(const std::shared_ptr<Deliverable>& client, ingest::SteadyTime first);

  bool InDeliveryThread() const { return std::this_thread::get_id() == thread_.get_id(); }

 private:
  struct RenderJob {
    std::shared_ptr<Deliverable> client;
    ingest::Batch source;
  };
  using Timers = std::multimap<ingest::SteadyTime, std::weak_ptr<Deliverable>>;
  using Paced = std::multimap<ingest::SteadyTime, std::shared_ptr<ingest::LogReader>>;
  struct Work {
    std::vector<std::shared_ptr<ingest::LogReader>> woken;
    std::optional<RenderJob> render;  // one a turn: readers of history must not delay who is at the end
    Timers::node_type timer;
  };

  void Run();
  // Waits until there is work, or the end (then false).
  bool TakeWork(Work& work);
  void DoWork(Work& work);
  void DoWoken(std::vector<std::shared_ptr<ingest::LogReader>>& woken);
  void DoPaced();
  void FireTimer(Timers::node_type timer);
  // Of the next timer or paced reader; the end of time if there is none. mutex_ is held.
  ingest::SteadyTime NextDue() const;

  ingest::ViewCache& views_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  bool stopping_ = false;
  std::vector<std::shared_ptr<ingest::LogReader>> woken_;
  std::deque<RenderJob> renders_;
  Timers timers_;

  Paced paced_;  // delivery thread
  std::thread thread_;
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_DELIVERY_H_
