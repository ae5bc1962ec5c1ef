// Which connections have a message that has begun and not ended, the oldest first.
#ifndef INLET_INGEST_WS_ASSEMBLY_QUEUE_H_
#define INLET_INGEST_WS_ASSEMBLY_QUEUE_H_

#include <list>

namespace inlet::ws {

class Session;

// Loop thread only. Outlives the places in it.
class AssemblyQueue {
 public:
  // At the end of the queue, as long as it lives.
  class Place {
   public:
    Place(AssemblyQueue& queue, Session& session)
        : queue_(queue), position_(queue.sessions_.insert(queue.sessions_.end(), &session)) {}
    ~Place() { queue_.sessions_.erase(position_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    AssemblyQueue& queue_;
    const std::list<Session*>::iterator position_;
  };

  // There must be one.
  Session& oldest() const { return *sessions_.front(); }

 private:
  std::list<Session*> sessions_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_ASSEMBLY_QUEUE_H_
