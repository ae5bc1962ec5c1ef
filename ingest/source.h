// The seam to the network: what brings messages, and who takes them.
#ifndef INLET_INGEST_SOURCE_H_
#define INLET_INGEST_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "ingest/connection_facts.h"
#include "ingest/loop.h"
#include "ingest/stream_spec.h"

namespace inlet::ingest {

// One whole text message.
struct Message {
  std::string_view text;    // valid during the call only; not yet checked for UTF-8
  uint64_t connection = 0;  // never used twice while the process runs
  WallTime receive_time;
  std::string_view origin_field = {};  // what its records say of who sent them; see record_writer.h
};

// A message that could not be handed over as text.
enum class MessageFault {
  kBinary,    // the connection stays
  kTooLarge,  // the connection is being closed with 1009
  kNoRoom,    // no memory for all long messages that have begun; the connection of the oldest is being closed with 1013
};

// What is known of such a message.
struct MessageFaultReport {
  MessageFault fault = MessageFault::kBinary;
  uint64_t connection = 0;        // as in Message
  uint64_t size = 0;              // bytes of it as far as they are known
  std::string_view content = {};  // the first of them, if they were kept; valid during the call only
  bool is_binary = false;         // it came as a binary message
  WallTime receive_time = {};
};

// Of the bytes that a report tells nobody needs more.
inline constexpr size_t kMaxFaultContentBytes = 4096;

// What became of a message.
enum class Verdict {
  kTaken,        // decoded, or rejected and counted
  kInvalidUtf8,  // rejected and counted; the connection must be closed with 1007
};

// The numbers are those of StreamStatus.State in the contract.
enum class SourceState {
  kResolving = 1,
  kConnecting = 2,
  kConnected = 3,
  kBackoff = 4,  // waits before it dials again
  kListening = 5,
  kPaused = 6,   // by request: the source is closed
  kFailed = 7,   // needs a change; dials again all the same
  kStalled = 9,  // connected, and no record for record_timeout
};

struct SourceStatus {
  SourceState state = SourceState::kListening;
  std::string reason = {};      // a sentence, without secrets
  WallTime retry_time{};        // kBackoff and kFailed: of the next dial
  uint32_t attempt = 0;         // client role: dials since the last connection, this one included
  std::string last_error = {};  // not empty: something has just failed, and this is what
};

// Takes what a source brings. Every call comes on the loop's thread.
class SourceSink {
 public:
  virtual ~SourceSink() = default;
  virtual Verdict OnMessage(const Message& message) = 0;
  virtual void OnFault(const MessageFaultReport& report) = 0;
  virtual void OnConnect(const ConnectionFacts& connection) = 0;
  // `code`: of the close frame received, or sent by us; 1006 if there was none.
  virtual void OnDisconnect(uint64_t connection, uint16_t code, std::string_view reason) = 0;
  // A handshake to this source's path that was answered with an HTTP error.
  virtual void OnRefuse(int http_status, std::string_view reason, std::string_view peer) = 0;
  virtual void OnState(const SourceStatus& status) = 0;
};

// Brings messages to one sink. Loop thread only.
class Source {
 public:
  virtual ~Source() = default;
  // OK: the server role's peers can connect now, and OnState was called with kListening; the client role dials, and
  // tells of it by OnState.
  // FailedPrecondition: ADDRESS_UNAVAILABLE (the port cannot be opened) or ENDPOINT_CONFLICT (the path is taken by a
  // stream with other connection settings); the source stays stopped.
  virtual absl::Status Start() = 0;
  // Ends the source's connections with 1001. Not one call to the sink comes after it has returned. Idempotent.
  virtual void Stop() = 0;
  // Client role: closes the connection with 1000 and dials again at once. Server role: closes all with 1012. No effect
  // unless started.
  virtual void Reconnect(std::string_view reason) = 0;
  // Ends one connection with a close frame; OnDisconnect may come inside the call, or later. Client role: dials again
  // at once. `reason`: at most 123 bytes. False: there is no such connection.
  virtual bool CloseConnection(uint64_t connection, uint16_t code, std::string_view reason) = 0;
  // Queues a text message for one connection. What waits for a connection is bounded in bytes.
  virtual SendVerdict Send(uint64_t connection, std::string_view text) = 0;
  // Takes another spec of the same role; SourceFactory::CheckChanges has allowed it. Client role: the connection closes
  // with 1000, and what the spec says is dialled at once. Server role: another path is opened before the old one is
  // left (its connections close with 1012, unless another stream shares it); all else holds for handshakes from now on.
  // Unless started: for the next Start.
  virtual void Change(std::shared_ptr<const StreamSpec> spec, std::string_view reason) = 0;
  // The URL to connect to, or the one dialled (secrets redacted); unless started,
  // what it will be: with port 0 where the system chooses one that it has not chosen yet.
  virtual std::string endpoint() const = 0;
};

// Makes sources of one transport.
class SourceFactory {
 public:
  virtual ~SourceFactory() = default;
  // Opens nothing. The sink must outlive the source. Any thread; Start, Stop and destruction on the loop's.
  virtual std::unique_ptr<Source> CreateSource(std::shared_ptr<const StreamSpec> spec, SourceSink& sink) = 0;
  // Whether the streams of these names, running or not, can be as these specs say, all of them together and beside the
  // others that run. FailedPrecondition: ENDPOINT_CONFLICT. Loop thread. Changes nothing.
  virtual absl::Status CheckChanges(const std::vector<std::shared_ptr<const StreamSpec>>& specs) const = 0;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_SOURCE_H_
