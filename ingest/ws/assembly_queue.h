// Messages that have begun and not ended: the memory of all of them, and who gives way when there is none left.
#ifndef INLET_INGEST_WS_ASSEMBLY_QUEUE_H_
#define INLET_INGEST_WS_ASSEMBLY_QUEUE_H_

#include <cstddef>
#include <list>
#include <string_view>

#include "ingest/ws/assembly.h"
#include "ingest/ws/counters.h"

namespace inlet::ws {

// A connection, of either role.
class AssemblyOwner {
 public:
  virtual ~AssemblyOwner() = default;
  // Loses its message that has begun, and closes (if it was to be taken). Called while another one appends.
  virtual void GiveWay() = 0;
};

// What both roles tell the peer that gives way, with 1013.
inline constexpr std::string_view kNoRoomReason = "no memory for this long message: come back later";

// Whoever is refused must not be a neighbour of who hoards: the oldest message, which is the one that does not end, is
// the first to go. Loop thread only. Outlives its parts.
class AssemblyQueue {
 public:
  // `budget`: bytes of all together. `bytes` counts them.
  AssemblyQueue(size_t budget, Counter& bytes) : budget_(budget), bytes_(bytes) {}
  AssemblyQueue(const AssemblyQueue&) = delete;
  AssemblyQueue& operator=(const AssemblyQueue&) = delete;

  // One message that has begun; its place in the queue is that of its making.
  class Part {
   public:
    // `most`: bytes of the message. The owner outlives it.
    Part(AssemblyQueue& queue, AssemblyOwner& owner, size_t most)
        : queue_(queue), position_(queue.owners_.insert(queue.owners_.end(), &owner)), assembly_(most, queue.bytes_) {}
    ~Part() { queue_.owners_.erase(position_); }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    // Takes memory from the oldest, if need be. False: this is the oldest, and there is no room for it.
    bool Append(std::string_view piece) {
      while (!assembly_.Append(piece, queue_.budget_)) {
        if (position_ == queue_.owners_.begin()) return false;
        queue_.owners_.front()->GiveWay();
      }
      return true;
    }

    // Takes memory from nobody. False: there is no room now.
    bool AppendIfRoom(std::string_view piece) { return assembly_.Append(piece, queue_.budget_); }

    std::string_view view() const { return assembly_.view(); }

   private:
    AssemblyQueue& queue_;
    const std::list<AssemblyOwner*>::iterator position_;
    Assembly assembly_;
  };

 private:
  const size_t budget_;
  Counter& bytes_;
  std::list<AssemblyOwner*> owners_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_ASSEMBLY_QUEUE_H_
