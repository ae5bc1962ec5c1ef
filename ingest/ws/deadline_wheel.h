// Very many deadlines that hardly ever come: setting, moving and cancelling one costs the same whatever their number.
#ifndef INLET_INGEST_WS_DEADLINE_WHEEL_H_
#define INLET_INGEST_WS_DEADLINE_WHEEL_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "ingest/loop.h"

namespace inlet::ws {

// One thread. Has no clock of its own. (libwebsockets has timers for a connection, in a list that it walks from its
// head to insert one: with thousands of connections that is too slow.)
class DeadlineWheel {
  // A ring; alone if it points to nothing.
  struct Link {
    Link* previous = nullptr;
    Link* next = nullptr;
    void Unlink();
  };

 public:
  // A deadline comes late by up to so much, and by what Advance is late.
  static constexpr std::chrono::milliseconds kTick{100};

  class Entry : private Link {
   public:
    Entry() = default;
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    virtual ~Entry() { Unlink(); }

   protected:
    // Once, when the deadline has passed. May set it again, and may destroy this and other entries.
    virtual void OnDeadline() = 0;

   private:
    friend class DeadlineWheel;
    ingest::SteadyTime due_{};
  };

  explicit DeadlineWheel(ingest::SteadyTime now);
  // Cancels all.
  ~DeadlineWheel();
  DeadlineWheel(const DeadlineWheel&) = delete;
  DeadlineWheel& operator=(const DeadlineWheel&) = delete;

  // Replaces the entry's deadline.
  void Set(Entry& entry, ingest::SteadyTime due);
  static void Cancel(Entry& entry) { entry.Unlink(); }

  // Calls every entry whose deadline lies at least a tick before `now`.
  void Advance(ingest::SteadyTime now);

  // Looks at every slot.
  bool empty() const;

 private:
  // One revolution is 102 s; what lies beyond it is looked at once in each.
  static constexpr int64_t kSlots = 1024;

  static int64_t TickOf(ingest::SteadyTime time) { return time.time_since_epoch() / kTick; }
  Link& SlotOf(int64_t tick) { return slots_[static_cast<size_t>(tick % kSlots)]; }
  void Visit(Link& slot, ingest::SteadyTime now);

  std::array<Link, kSlots> slots_;
  int64_t visited_;  // the last tick whose slot was visited
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_DEADLINE_WHEEL_H_
