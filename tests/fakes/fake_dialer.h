// Connections without a network: a test says how each dial ends and what the server does.
#ifndef INLET_TESTS_FAKES_FAKE_DIALER_H_
#define INLET_TESTS_FAKES_FAKE_DIALER_H_

#include <cassert>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/ws/dial.h"

namespace inlet::ws {

class FakeDialer;

// One dial and what came of it. A test's controls act as the server would; each may destroy the connection.
class FakeConnection final : public ClientConnection {
 public:
  FakeConnection(FakeDialer& dialer, size_t number, ConnectionEvents& events)
      : dialer_(dialer), number_(number), events_(events) {}
  ~FakeConnection() override;
  FakeConnection(const FakeConnection&) = delete;
  FakeConnection& operator=(const FakeConnection&) = delete;

  bool Send(std::string text) override;
  void Close(uint16_t code, std::string_view reason) override;

  // Controls.
  void Stage(DialStage stage, bool ok = true, std::string detail = {}) {
    events_.OnStage({stage, ok, std::chrono::milliseconds(1), std::move(detail)});
  }
  void Open(const DialFacts& facts) {
    open_ = true;
    events_.OnOpen(facts);
  }
  void Fail(const DialFailure& failure) { events_.OnFailed(failure, {}); }
  ingest::Verdict Text(std::string_view text, ingest::WallTime receive_time = {}) {
    return events_.OnText(text, receive_time);
  }
  void Fault(ingest::MessageFault fault, uint64_t size) { events_.OnFault({.fault = fault, .size = size}); }
  // The connection is gone: closed by the server, by our own Close, or broken.
  void Closed(uint16_t code, std::string_view reason = {}) {
    open_ = false;
    events_.OnClosed(code, reason);
  }

 private:
  FakeDialer& dialer_;
  const size_t number_;
  ConnectionEvents& events_;
  bool open_ = false;
};

// Notes what is asked of it: "dial 1", "send 1 TEXT", "close 1 CODE REASON", "destroy 1".
class FakeDialer final : public Dialer {
 public:
  std::unique_ptr<ClientConnection> Dial(const DialRequest& request, ConnectionEvents& events) override {
    last_request = request;
    Note("dial ", ++dials, {});
    auto connection = std::make_unique<FakeConnection>(*this, dials, events);
    connections_.push_back(connection.get());
    return connection;
  }

  // The newest connection, which must exist.
  FakeConnection& last() {
    assert(connections_.size() > 0);
    return *connections_.back();
  }
  // Those that exist, the oldest first.
  const std::vector<FakeConnection*>& connections() const { return connections_; }

  // From now on there is no room to send.
  bool full = false;
  // Off for long tests.
  bool keeps_journal = true;
  size_t dials = 0;
  DialRequest last_request;
  std::vector<std::string> journal;

 private:
  friend class FakeConnection;
  void Note(std::string_view what, size_t number, const std::string& rest) {
    if (!keeps_journal) return;
    journal.push_back(std::string(what) + std::to_string(number) + (rest.empty() ? "" : " ") + rest);
  }
  void Forget(const FakeConnection* connection) { std::erase(connections_, connection); }

  std::vector<FakeConnection*> connections_;
};

inline FakeConnection::~FakeConnection() {
  dialer_.Note("destroy ", number_, {});
  dialer_.Forget(this);
}

inline bool FakeConnection::Send(std::string text) {
  if (dialer_.full || !open_) return false;
  dialer_.Note("send ", number_, text);
  return true;
}

inline void FakeConnection::Close(uint16_t code, std::string_view reason) {
  dialer_.Note("close ", number_, std::to_string(code) + " " + std::string(reason));
}

}  // namespace inlet::ws

#endif  // INLET_TESTS_FAKES_FAKE_DIALER_H_
