// The source of a client-role stream: dials, keeps one connection, and dials again for ever.
#ifndef INLET_INGEST_WS_CLIENT_SOURCE_H_
#define INLET_INGEST_WS_CLIENT_SOURCE_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "ingest/backoff.h"
#include "ingest/credentials.h"
#include "ingest/loop.h"
#include "ingest/random.h"
#include "ingest/source.h"
#include "ingest/stream_spec.h"
#include "ingest/ws/dial.h"
#include "ingest/ws/link.h"
#include "ingest/ws/shown_text.h"

namespace inlet::ws {

// What the sources of a client share. All outlive them.
struct ClientParts {
  Dialer& dialer;
  ingest::Loop& loop;
  const ingest::Credentials& credentials;
  ClosingLinks& closing;
};

class ClientSource final : public ingest::Source, private LinkOwner {
 public:
  // `spec` has a ClientRole. The sink must outlive the source.
  ClientSource(const ClientParts& parts, const ingest::StreamSpec& spec, ingest::SourceSink& sink);
  ~ClientSource() override;
  ClientSource(const ClientSource&) = delete;
  ClientSource& operator=(const ClientSource&) = delete;

  // Dials at once, and is always OK.
  absl::Status Start() override;
  void Stop() override;
  void Reconnect(std::string_view reason) override;
  bool CloseConnection(uint64_t connection, uint16_t code, std::string_view reason) override;
  ingest::SendVerdict Send(uint64_t connection, std::string_view text) override;
  void Change(std::shared_ptr<const ingest::StreamSpec> spec, std::string_view reason) override;
  std::string endpoint() const override { return request_.role.url; }

 private:
  enum class Phase { kStopped, kDialling, kOpen, kWaiting };

  void Take(const ingest::StreamSpec& spec);
  void Dial();
  // Texts for this dial, with their references replaced.
  absl::Status ExpandTexts();
  void TellDialling(ingest::SourceState state, std::string_view what);
  void SendOpenMessages();
  void Beat();
  // Lets go of whatever there is: connection, dial, or timers.
  void Release(uint16_t code, std::string_view reason);
  void WaitAfterConnection(const std::string& reason);
  void Wait(ingest::SourceState state, std::chrono::nanoseconds delay, const std::string& reason);
  // What has failed; what to change too, if nothing else helps.
  std::string WhyFailed(const DialFailure& failure, const DialFacts& facts) const;
  std::string WhyClosed(uint16_t code, std::string_view reason) const;

  void OnLinkStage(const StageReport& report) override;
  void OnLinkOpen(const DialFacts& facts) override;
  void OnLinkFailed(const DialFailure& failure, const DialFacts& facts) override;
  ingest::Verdict OnLinkText(std::string_view text, ingest::WallTime receive_time) override;
  void OnLinkFault(const ingest::MessageFaultReport& report) override;
  void OnLinkClosed(uint16_t code, std::string_view reason) override;

  const ClientParts parts_;
  DialRequest request_;
  ingest::SourceSink& sink_;
  std::minstd_rand random_{ingest::RandomBits()};
  std::optional<ingest::Backoff> backoff_;  // of request_

  Phase phase_ = Phase::kStopped;
  ingest::SourceState told_ = ingest::SourceState::kBackoff;  // the state that the sink knows of
  uint32_t attempt_ = 0;                                      // dials since the last connection
  std::unique_ptr<Link> link_;                                // kDialling, kOpen
  std::unique_ptr<ingest::Timer> retry_;                      // kWaiting
  std::unique_ptr<ingest::Timer> heartbeat_;                  // kOpen
  std::vector<std::string> open_messages_;                    // of this dial, until they are sent
  std::string heartbeat_message_;                             // of this dial
  std::optional<ShownText> shown_;                            // hides what this dial sends, if it comes back

  // Of the present connection.
  uint64_t connection_ = 0;
  ingest::SteadyTime open_since_{};
  bool had_text_ = false;
  uint64_t too_large_ = 0;  // size of the message that ends it; 0: there was none
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_CLIENT_SOURCE_H_
