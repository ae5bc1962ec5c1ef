// Passes a connection's events on while somebody owns it, and buries it afterwards.
#include "ingest/ws/link.h"

#include <utility>

namespace inlet::ws {

void ClosingLinks::Remove(Place place) {
  links_.erase(place);
  CheckEmpty();
}

void ClosingLinks::Cut() {
  links_.clear();
  CheckEmpty();
}

void ClosingLinks::CheckEmpty() {
  if (!links_.empty() || !on_empty_) return;
  std::exchange(on_empty_, nullptr)();
}

Link::Link(Dialer& dialer, const DialRequest& request, LinkOwner& owner)
    : owner_(&owner), connection_(dialer.Dial(request, *this)) {}

Link::~Link() = default;

void Link::Release(std::unique_ptr<Link> link, uint16_t code, std::string_view reason, ClosingLinks& closing) {
  Link& released = *link;
  released.owner_ = nullptr;
  if (!released.open_) return;  // destroyed, which cuts it
  released.closing_ = &closing;
  released.place_ = closing.Add(std::move(link));
  released.connection_->Close(code, reason);
}

void Link::OnStage(const StageReport& report) {
  if (owner_ != nullptr) owner_->OnLinkStage(report);
}

void Link::OnOpen(const DialFacts& facts) {
  open_ = true;
  if (owner_ != nullptr) owner_->OnLinkOpen(facts);
}

void Link::OnFailed(const DialFailure& failure, const DialFacts& facts) {
  if (owner_ != nullptr) owner_->OnLinkFailed(failure, facts);
}

ingest::Verdict Link::OnText(std::string_view text, ingest::WallTime receive_time) {
  return owner_ == nullptr ? ingest::Verdict::kTaken : owner_->OnLinkText(text, receive_time);
}

void Link::OnFault(const ingest::MessageFaultReport& report) {
  if (owner_ != nullptr) owner_->OnLinkFault(report);
}

void Link::OnClosed(uint16_t code, std::string_view reason) {
  open_ = false;
  if (owner_ != nullptr) return owner_->OnLinkClosed(code, reason);
  if (closing_ != nullptr) closing_->Remove(place_);  // destroys this
}

}  // namespace inlet::ws
