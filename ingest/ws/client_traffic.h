// An open client connection: messages, what waits to be sent, silence, close.
#ifndef INLET_INGEST_WS_CLIENT_TRAFFIC_H_
#define INLET_INGEST_WS_CLIENT_TRAFFIC_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/source.h"
#include "ingest/ws/assembly_queue.h"
#include "ingest/ws/close_frame.h"
#include "ingest/ws/dial.h"
#include "ingest/ws/dial_counters.h"
#include "ingest/ws/event_loop.h"
#include "ingest/ws/message_start.h"
#include "ingest/ws/send_queue.h"

struct lws;

namespace inlet::ws {

// Loop thread only. The On... calls come from libwebsockets and return what it is told: 0 to go on, -1 to close. An
// event may destroy this object; the opaque pointer of `wsi` is null then.
class ClientTraffic final : private AssemblyOwner {
 public:
  // For the answer to our close frame; before libwebsockets, which waits 5 s for some, cuts the connection uncounted.
  static constexpr std::chrono::milliseconds kCloseTimeout{4'500};

  struct Settings {
    uint32_t max_message_bytes = 0;
    std::chrono::milliseconds ping_interval{};
    std::chrono::milliseconds idle_timeout{};
  };
  // Of all connections; outlive it.
  struct Shared {
    EventLoop& loop;
    DialCounters& counters;
    AssemblyQueue& assembling;
  };

  // `cut`: ends the connection at once. Called from a turn of its own.
  ClientTraffic(const Shared& shared, const Settings& settings, ConnectionEvents& events, lws* wsi,
                std::function<void()> cut);
  ~ClientTraffic() override;
  ClientTraffic(const ClientTraffic&) = delete;
  ClientTraffic& operator=(const ClientTraffic&) = delete;

  int OnReceive(std::string_view piece);
  void OnPong();
  int OnPeerClose(std::string_view payload);
  int OnWritable();
  // libwebsockets is about to close.
  void OnClosing();

  // As ClientConnection.
  bool Send(std::string_view text);
  void Close(uint16_t code, std::string_view reason);

  // For ConnectionEvents::OnClosed.
  uint16_t close_code() const { return close_code_; }
  const std::string& close_reason() const { return close_reason_; }

 private:
  enum class State : uint8_t {
    kOpen,
    kLeaving,  // our close frame waits for the socket, behind what is queued
    kClosing,  // a close frame was sent or received
  };

  int ReceivePart(std::string_view piece, bool last);
  int Deliver(std::string_view text);
  int ReceiveBinaryPart(std::string_view piece, bool last);
  int FailTooLarge(uint64_t size, std::string_view piece);
  void GiveWay() override;
  // Loses the message that has begun, of which `piece` is the last there is, and tells of it. False: this is no more.
  bool LoseMessage(std::string_view piece);
  void TellFault(ingest::MessageFault fault, uint64_t size, std::string_view start);
  // Closes because of what was received, from inside the callback that brought it.
  int Fail(uint16_t code, std::string_view reason);
  void BeginClosing(uint16_t code, std::string_view reason);
  // Whoever reads it may rely on it that what came before can be read. As WriteCloseFrame.
  int SendCloseFrame();
  void Leave(uint16_t code, std::string_view reason, std::chrono::nanoseconds limit);
  int WriteNext();
  void CutAfter(std::chrono::nanoseconds limit);
  // Pings, or closes, if the peer has been silent; sets the time of the next look.
  void CheckSilence();
  void LookAgainAt(ingest::SteadyTime when);

  EventLoop& loop_;
  const Settings settings_;
  DialCounters& counters_;
  AssemblyQueue& assembling_;
  ConnectionEvents& events_;
  lws* const wsi_;
  const std::function<void()> cut_;
  State state_ = State::kOpen;
  ingest::SteadyTime last_heard_{};
  ingest::SteadyTime last_ping_{};
  std::unique_ptr<ingest::Timer> timer_;  // of silence, then of the close
  uint64_t received_ = 0;                 // of the message that has begun
  MessagePart part_;                      // null: no message is in parts; of a binary one the start alone
  bool binary_ = false;                   // the message that came last
  SendQueue queue_;
  bool ping_due_ = false;
  uint16_t frame_code_ = 0;  // of our close frame
  uint16_t close_code_ = kAbnormal;
  std::string close_reason_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_CLIENT_TRAFFIC_H_
