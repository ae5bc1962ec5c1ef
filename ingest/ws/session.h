// One connection of the WebSocket server, from accept to the last callback of libwebsockets.
#ifndef INLET_INGEST_WS_SESSION_H_
#define INLET_INGEST_WS_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/source.h"
#include "ingest/ws/assembly_queue.h"
#include "ingest/ws/close_frame.h"
#include "ingest/ws/counters.h"
#include "ingest/ws/deadline_wheel.h"
#include "ingest/ws/endpoint_table.h"
#include "ingest/ws/event_loop.h"
#include "ingest/ws/handshake.h"
#include "ingest/ws/message_start.h"
#include "ingest/ws/peer_address.h"
#include "ingest/ws/send_queue.h"
#include "ingest/ws/server_options.h"

struct lws;

namespace inlet::ws {

class SessionRegistry;

// Loop thread only. The On... calls come from libwebsockets (LWS_CALLBACK_...) and return what it is told: 0 to go on,
// -1 to close.
class Session final : public DeadlineWheel::Entry, private AssemblyOwner {
 public:
  // The bounds of one connection are set by the registry's options. The handshake's deadline runs from now.
  Session(SessionRegistry& registry, uint64_t id, const PeerAddress& peer);
  ~Session() override;

  // A request has been read: HTTP (plain) or HTTP_CONFIRM_UPGRADE.
  int OnRequest(lws* wsi, bool upgrade);
  int OnEstablished(lws* wsi);
  int OnReceive(std::string_view piece);
  int OnPong();
  int OnPeerClose(std::string_view payload);
  int OnWritable();
  void OnClosed();
  // The last call; destroys the session.
  void OnDestroy();

  // Sends a close frame as soon as the socket takes it. Not inside a callback of libwebsockets. No effect unless open.
  void Close(uint16_t code, std::string_view reason);
  // The same at `when`, with 1001.
  void GoAwayAt(ingest::SteadyTime when);
  // Queues a text message; kRefused also unless open.
  ingest::SendVerdict Send(std::string_view text);
  // Tells a stream of its path that it is there. To be open.
  void Introduce(const Endpoint::Listening& listening) const;
  // Cuts it if its handshake is not complete. As Kill.
  void EndHandshake() {
    if (state_ == State::kHandshake || state_ == State::kRefused) Kill();
  }
  // Cuts the connection. Not inside a callback of libwebsockets. The session may be destroyed when it returns.
  void Kill();

  // From now on no sink hears of it.
  void Detach() { endpoint_ = nullptr; }

  bool open() const { return state_ == State::kOpen; }
  uint64_t id() const { return id_; }
  std::string peer() const { return peer_.port() != 0 ? peer_.ToString() : peer_.IpText(); }
  void set_wsi(lws* wsi) { wsi_ = wsi; }

 private:
  friend class SessionRegistry;

  enum class State : uint8_t {
    kHandshake,
    kRefused,  // answered with an HTTP error
    kOpen,
    kLeaving,  // our close frame waits for the socket
    kClosing,  // a close frame was sent or received
  };

  void OnDeadline() override;
  // The only place that changes it.
  void SetState(State state, std::string_view why);
  int Refuse(lws* wsi, const HandshakeRequest& request, const Refusal& refusal);
  void RefuseForTimeout();
  int ReceivePart(std::string_view piece, bool last);
  int Deliver(std::string_view text);
  void ReceiveBinaryPart(std::string_view piece, bool last);
  int FailTooLarge(uint64_t size, std::string_view piece);
  void GiveWay() override;
  // Loses the message that has begun, of which `piece` is the last there is, and tells of it.
  void LoseMessage(std::string_view piece);
  void TellFault(ingest::MessageFault fault, uint64_t size, std::string_view start);
  // Closes from inside a callback of libwebsockets.
  int Fail(uint16_t code, std::string_view reason);
  // From now on it is over: the connection is cut after close_timeout.
  void BeginClosing(uint16_t code, std::string_view reason, std::string_view why);
  // Whoever reads it may rely on it that what came before can be read. As WriteCloseFrame.
  int SendCloseFrame();
  // Pings, or closes, if the peer has been silent; sets the time of the next look.
  void CheckSilence();
  void Ping(ingest::SteadyTime now);
  int WriteQueue();

  // What neither the socket nor the endpoint's path says.
  struct Details {
    std::string path;  // of the request
    std::string subprotocol;
  };

  SessionRegistry& registry_;
  lws* wsi_ = nullptr;
  Endpoint* endpoint_ = nullptr;
  std::shared_ptr<const EndpointSettings> settings_;  // of its handshake
  const uint64_t id_;
  ingest::SteadyTime last_heard_{};
  ingest::SteadyTime last_ping_{};
  uint64_t received_ = 0;                   // of the message that has begun
  MessagePart part_;                        // null: no message is in parts; of a binary one the start alone
  std::unique_ptr<SendQueue> queue_;        // null: nothing waits for the socket
  std::unique_ptr<const Details> details_;  // null: the path is the endpoint's, and there is no subprotocol
  std::string close_reason_;
  size_t registry_index_ = 0;
  PeerAddress peer_;
  uint16_t close_code_ = 0;  // 0: there was no close frame
  State state_ = State::kHandshake;
  bool close_planned_ = false;  // at the deadline
  bool ping_due_ = false;
  bool binary_ = false;  // the message that came last
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_SESSION_H_
