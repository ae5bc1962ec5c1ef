// A dialer without a network: a test plays what each dial brings.
#ifndef INLET_TESTS_INGEST_WS_SCRIPTED_DIALER_H_
#define INLET_TESTS_INGEST_WS_SCRIPTED_DIALER_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/ws/dial.h"

namespace inlet::ws {

// One thread. Remembers the last dial; its connection must be alive when an event is played to it.
class ScriptedDialer final : public Dialer {
 public:
  std::unique_ptr<ClientConnection> Dial(const DialRequest& request, ConnectionEvents& events) override {
    request_ = request;
    events_ = &events;
    alive_ = true;
    ++dials_;
    return std::make_unique<Connection>(*this);
  }

  const DialRequest& request() const { return *request_; }
  ConnectionEvents& events() { return *events_; }
  bool alive() const { return alive_; }
  int dials() const { return dials_; }
  const std::vector<std::string>& sent() const { return sent_; }
  uint16_t close_code() const { return close_code_; }  // 0: nobody closed
  void set_room(bool room) { room_ = room; }

  // All stages of a dial that succeeds.
  void PassUntil(DialStage last) {
    for (int stage = 0; stage <= static_cast<int>(last); ++stage) {
      if (stage == static_cast<int>(DialStage::kTls) && !request_->role.tls) continue;
      events_->OnStage({static_cast<DialStage>(stage), true, std::chrono::milliseconds(stage + 1), "fine"});
    }
  }
  void Open(const DialFacts& facts = {}) {
    PassUntil(DialStage::kUpgrade);
    events_->OnOpen(facts);
  }
  // The stages before it pass.
  void Fail(const DialFailure& failure, const DialFacts& facts = {}) {
    if (failure.stage != DialStage::kResolve) PassUntil(static_cast<DialStage>(static_cast<int>(failure.stage) - 1));
    events_->OnStage({failure.stage, false, std::chrono::milliseconds(5), failure.text});
    if (alive_) events_->OnFailed(failure, facts);
  }

 private:
  class Connection final : public ClientConnection {
   public:
    explicit Connection(ScriptedDialer& dialer) : dialer_(dialer) {}
    ~Connection() override { dialer_.alive_ = false; }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    bool Send(std::string text) override {
      if (dialer_.room_) dialer_.sent_.push_back(std::move(text));
      return dialer_.room_;
    }
    void Close(uint16_t code, std::string_view /*reason*/) override { dialer_.close_code_ = code; }

   private:
    ScriptedDialer& dialer_;
  };

  std::optional<DialRequest> request_;
  ConnectionEvents* events_ = nullptr;
  bool alive_ = false;
  int dials_ = 0;
  bool room_ = true;
  uint16_t close_code_ = 0;
  std::vector<std::string> sent_;
};

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_SCRIPTED_DIALER_H_
