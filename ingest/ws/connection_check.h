// One check of the client role: a dial, a message if asked, a report, and the close frame behind it.
#ifndef INLET_INGEST_WS_CONNECTION_CHECK_H_
#define INLET_INGEST_WS_CONNECTION_CHECK_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/connection_checker.h"
#include "ingest/credentials.h"
#include "ingest/loop.h"
#include "ingest/stream_spec.h"
#include "ingest/ws/dial.h"
#include "ingest/ws/dial_hint.h"
#include "ingest/ws/shown_text.h"

namespace inlet::ws {

// Loop thread only. Destroying it cuts the connection, and no call comes afterwards.
class ConnectionCheck final : public ConnectionEvents {
 public:
  static constexpr size_t kMaxFirstMessageBytes = 4096;
  // For the server's answer to our close frame.
  static constexpr std::chrono::milliseconds kCloseTimeout{1000};

  struct Shared {
    ingest::Loop& loop;
    Dialer& dialer;
    const ingest::Credentials& credentials;
  };
  struct Calls {
    // Once, with the report. May not destroy the check; see reported().
    ingest::ConnectionChecker::Done done;
    // Once, after `done`: nothing is left to do. Destroys the check.
    std::function<void()> gone;
  };

  // Dials. `spec.role` is a ClientRole. The spec is copied.
  ConnectionCheck(const Shared& shared, const ingest::StreamSpec& spec, const ingest::CheckOptions& options,
                  Calls calls);
  ~ConnectionCheck() override = default;
  ConnectionCheck(const ConnectionCheck&) = delete;
  ConnectionCheck& operator=(const ConnectionCheck&) = delete;

  // Whether `done` was called, or is being called: only the close is awaited then.
  bool reported() const { return state_ == State::kReported; }

  void OnStage(const StageReport& report) override;
  void OnOpen(const DialFacts& facts) override;
  void OnFailed(const DialFailure& failure, const DialFacts& facts) override;
  ingest::Verdict OnText(std::string_view text, ingest::WallTime receive_time) override;
  void OnFault(const ingest::MessageFaultReport& report) override;
  void OnClosed(uint16_t code, std::string_view reason) override;

 private:
  enum class State : uint8_t { kDialling, kWaiting, kReported };

  const ingest::ClientRole& role() const { return request_.role; }
  HintContext hint_context() const { return {request_.role, request_.connection}; }

  void AddStage(std::string_view name, bool ok, std::chrono::nanoseconds duration, std::string_view detail);
  void NoteFacts(const DialFacts& facts);
  void NoteFailure(const DialFailure& failure, const DialFacts& facts);
  void AwaitMessage();
  bool SendOpenMessages();
  void OnDeadline();
  void OnSilence();
  void MessageCame(std::string_view text);
  void MessageFailed(const MessageFailure& failure);
  // The last thing that a caller does: the check may be destroyed in it.
  void Report();
  void Leave();

  const Shared shared_;
  const ingest::CheckOptions options_;
  const Calls calls_;
  DialRequest request_;
  const ShownText shown_;
  State state_ = State::kDialling;
  DialStage stage_ = DialStage::kResolve;  // that runs
  ingest::SteadyTime stage_begin_;
  bool open_ = false;
  uint64_t binary_messages_ = 0;
  ingest::CheckReport report_;
  std::unique_ptr<ingest::Timer> deadline_;  // of the whole; later, of the close
  std::unique_ptr<ingest::Timer> silence_;
  std::unique_ptr<ClientConnection> connection_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_CONNECTION_CHECK_H_
