// Very many deadlines that hardly ever come: a ring of slots, each a list of what is due in one tick.
#include "ingest/ws/deadline_wheel.h"

#include <algorithm>

namespace inlet::ws {

void DeadlineWheel::Link::Unlink() {
  if (next == nullptr) return;
  previous->next = next;
  next->previous = previous;
  previous = next = nullptr;
}

DeadlineWheel::DeadlineWheel(ingest::SteadyTime now) : visited_(TickOf(now)) {
  for (Link& slot : slots_) slot.previous = slot.next = &slot;
}

DeadlineWheel::~DeadlineWheel() {
  for (Link& slot : slots_) {
    while (slot.next != &slot) slot.next->Unlink();
  }
}

void DeadlineWheel::Set(Entry& entry, ingest::SteadyTime due) {
  entry.Unlink();
  entry.due_ = due;
  // In the slot after its tick it is surely due.
  Link& slot = SlotOf(std::clamp(TickOf(due) + 1, visited_ + 1, visited_ + kSlots - 1));
  Link& link = entry;
  link.previous = slot.previous;
  link.next = &slot;
  slot.previous->next = &link;
  slot.previous = &link;
}

void DeadlineWheel::Advance(ingest::SteadyTime now) {
  const int64_t last = TickOf(now);
  visited_ = std::max(visited_, last - kSlots);  // after a long sleep each slot once
  while (visited_ < last) Visit(SlotOf(++visited_), now);
}

void DeadlineWheel::Visit(Link& slot, ingest::SteadyTime now) {
  // What is set meanwhile goes to other slots: this one is a revolution away now.
  while (slot.next != &slot) {
    auto& entry = static_cast<Entry&>(*slot.next);
    entry.Unlink();
    if (entry.due_ > now) {
      Set(entry, entry.due_);
    } else {
      entry.OnDeadline();
    }
  }
}

bool DeadlineWheel::empty() const {
  return std::ranges::all_of(slots_, [](const Link& slot) { return slot.next == &slot; });
}

}  // namespace inlet::ws
