// One connection of a client-role stream, from its dial to its last byte, which may come after the stream has let go.
#ifndef INLET_INGEST_WS_LINK_H_
#define INLET_INGEST_WS_LINK_H_

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "ingest/ws/dial.h"

namespace inlet::ws {

class Link;

// Takes what comes of a link while it has an owner; may destroy or release the link inside any of these.
class LinkOwner {
 public:
  virtual ~LinkOwner() = default;
  virtual void OnLinkStage(const StageReport& report) = 0;
  virtual void OnLinkOpen(const DialFacts& facts) = 0;
  virtual void OnLinkFailed(const DialFailure& failure, const DialFacts& facts) = 0;
  virtual ingest::Verdict OnLinkText(std::string_view text, ingest::WallTime receive_time) = 0;
  // As ConnectionEvents::OnFault.
  virtual void OnLinkFault(const ingest::MessageFaultReport& report) = 0;
  virtual void OnLinkClosed(uint16_t code, std::string_view reason) = 0;
};

// Links that nobody owns any more, whose close frames are still under way. Each ends by itself within 5 s. Loop thread
// only.
class ClosingLinks {
 public:
  using Place = std::list<std::unique_ptr<Link>>::iterator;

  bool empty() const { return links_.empty(); }
  Place Add(std::unique_ptr<Link> link) { return links_.insert(links_.end(), std::move(link)); }
  // Destroys the link at `place`.
  void Remove(Place place);
  // Destroys all, which cuts them.
  void Cut();
  // Called once, when the last one has gone. Replaces an earlier one.
  void NotifyWhenEmpty(std::function<void()> task) { on_empty_ = std::move(task); }

 private:
  void CheckEmpty();

  std::list<std::unique_ptr<Link>> links_;
  std::function<void()> on_empty_;
};

// Loop thread only.
class Link final : private ConnectionEvents {
 public:
  Link(Dialer& dialer, const DialRequest& request, LinkOwner& owner);
  ~Link() override;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  bool open() const { return open_; }
  // As ClientConnection::Send.
  bool Send(std::string text) { return connection_->Send(std::move(text)); }

  // Takes the owner away and closes; what arrives from now on is dropped. An open link lives in `closing` until its
  // close frame has been answered; any other is cut. `closing` must outlive the link.
  static void Release(std::unique_ptr<Link> link, uint16_t code, std::string_view reason, ClosingLinks& closing);

 private:
  void OnStage(const StageReport& report) override;
  void OnOpen(const DialFacts& facts) override;
  void OnFailed(const DialFailure& failure, const DialFacts& facts) override;
  ingest::Verdict OnText(std::string_view text, ingest::WallTime receive_time) override;
  void OnFault(const ingest::MessageFaultReport& report) override;
  void OnClosed(uint16_t code, std::string_view reason) override;

  LinkOwner* owner_;  // null: released
  bool open_ = false;
  ClosingLinks* closing_ = nullptr;  // not null: released, and in it at place_
  ClosingLinks::Place place_;
  std::unique_ptr<ClientConnection> connection_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_LINK_H_
