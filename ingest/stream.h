// One running stream: what its source brings becomes records of its log, and is counted.
#ifndef INLET_INGEST_STREAM_H_
#define INLET_INGEST_STREAM_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/compiled_schema.h"
#include "ingest/connection_book.h"
#include "ingest/counter.h"
#include "ingest/publisher.h"
#include "ingest/record_log.h"
#include "ingest/reject_log.h"
#include "ingest/send_target.h"
#include "ingest/source.h"
#include "ingest/stall_watch.h"
#include "ingest/stream_spec.h"

namespace inlet::ingest {

// What is written seldom.
struct StreamNotes {
  std::string endpoint;
  WallTime state_since;
  WallTime retry_time;     // of the next dial; 1970: none is planned
  uint32_t attempt = 0;    // as in SourceStatus
  std::string last_error;  // kept after recovery
  WallTime last_error_time;
  uint16_t last_close_code = 0;  // 0: no connection has ended yet
  std::string last_close_reason;
  std::string last_refusal;
  WallTime last_refusal_time;
  std::string last_reject;
  WallTime last_reject_time;
};

// A look at a stream, taken without stopping it: each figure is right, but not all are of the same instant.
struct StreamSnapshot {
  LogState state;
  LogBounds bounds;
  std::string epoch;
  WallTime last_record_time;  // 1970: there was none
  uint32_t connections = 0;
  uint32_t subscribers = 0;
  uint64_t messages = 0;
  uint64_t bytes = 0;
  uint64_t records = 0;
  uint64_t rejects = 0;
  RejectCounts rejects_by_reason{};
  uint64_t connects = 0;
  uint64_t refused = 0;
  uint64_t ignored = 0;
  StreamNotes notes;
};

// Who wants to know of changes as they happen.
class StreamObserver {
 public:
  virtual ~StreamObserver() = default;
  // The stream's state or the reason of it has changed. On the loop's thread, which it must not block; no lock is held.
  virtual void OnStreamChanged(const std::string& name) = 0;
};

// Created and destroyed anywhere; Snapshot, spec and log on any thread; all else on the loop's.
class Stream : public SourceSink {
 public:
  struct Options {
    std::shared_ptr<const StreamSpec> spec;
    Loop* loop = nullptr;            // outlives the stream
    Publisher* publisher = nullptr;  // of that loop
    std::shared_ptr<RecordLog> log;
    StreamObserver* observer = nullptr;  // outlives the stream; null: nobody
    WallTime down_since{};               // not 1970: records may be missing from then to the first start
  };

  // Makes its source; opens nothing. The factory outlives the stream.
  Stream(Options options, SourceFactory& factory);
  ~Stream() override;  // after Stop, or without a Start

  // As Source::Start. Also after Pause, and after a Start that failed: the log gets a gap then, when records can come.
  absl::Status Start();
  // Publishes what is pending, stops the source and closes the log. Idempotent.
  void Stop(CloseReason reason);

  // Another spec, which SourceFactory::CheckChanges has allowed: for what is received from now on. Log and subscribers
  // stay; EffectOf tells what becomes of the connections. The role may change while the stream does not run.
  void Change(std::shared_ptr<const StreamSpec> spec, std::string_view reason);
  // Stops the source until Start; the log stays open. Idempotent.
  void Pause();
  // As Source::Reconnect.
  void Reconnect(std::string_view reason);
  // Shows, for a stream that does not run, why it could not start and when that is tried again.
  void ShowFailed(std::string_view why, WallTime retry_time);
  // Shows Source::endpoint, as Start and Change do: for a stream that neither has been called for.
  void ShowEndpoint();

  StreamSnapshot Snapshot() const;
  std::shared_ptr<const StreamSpec> spec() const;
  const std::shared_ptr<RecordLog>& log() const { return options_.log; }
  // What could not become a record.
  std::shared_ptr<RecordLog> reject_log() { return rejects_.log(); }

  // ---- Connections; on the loop's thread (stream_connections.cc). ----

  // The first `limit` open ones behind the id `after`, ordered by id.
  std::vector<ConnectionRow> ListConnections(uint64_t after, size_t limit) const;
  // As Source::CloseConnection. NotFound: CONNECTION_UNKNOWN (connection).
  absl::Status CloseConnection(uint64_t connection, uint16_t code, std::string_view reason);
  // FailedPrecondition: NOT_CONNECTED, the client role has no connection. NotFound: CONNECTION_UNKNOWN.
  absl::StatusOr<SendResult> Send(const SendTarget& target, std::string_view text);

  Verdict OnMessage(const Message& message) override;
  void OnFault(const MessageFaultReport& report) override;
  void OnConnect(const ConnectionFacts& connection) override;
  void OnDisconnect(uint64_t connection, uint16_t code, std::string_view reason) override;
  void OnRefuse(int http_status, std::string_view reason, std::string_view peer) override;
  void OnState(const SourceStatus& status) override;

 private:
  // Written by the loop alone, read by anybody.
  struct Counters {
    Counter messages, bytes, records, connects, refused, ignored, connections;
    std::atomic<WallTime::rep> last_record{0};
  };
  // While the source is away.
  struct Down {
    WallTime since;
    std::string detail;
  };

  // Counts it for its connection. The result says who sent it, if records are to.
  Message NoteMessage(const Message& message);
  void NoteRejects(uint64_t connection, uint64_t count);
  // Empty unless records are to say who sent them.
  std::string_view OriginFieldOf(uint64_t connection);
  // Nothing is missed yet in the source's state.
  void WatchAnew();
  bool IsIgnored(std::string_view text) const;
  void OnRecords(WallTime receive_time);
  void OnStall();
  std::string WhyStalled() const;
  void ShowWhyStalled();
  // The service had not run, and since it does the source cannot be opened for `error`: the gap will say both.
  void NoteStillDown(std::string_view error);
  void WriteGap();
  // The one place where the state that is shown changes.
  void ShowState(const SourceStatus& status);
  void NoteReject(std::string_view what, uint64_t connection);

  Options options_;  // of which the spec was taken
  SourceFactory& factory_;
  std::shared_ptr<const StreamSpec> spec_;  // written by the loop under mutex_; never null
  std::unique_ptr<Source> source_;          // loop thread
  Counters counters_;
  RejectLog rejects_;

  // Loop thread.
  std::shared_ptr<const CompiledSchema> schema_;
  bool record_origin_;
  bool started_ = false;
  SourceStatus source_status_;  // what the source said last
  bool stalled_ = false;
  StallWatch stall_watch_;
  std::optional<Down> down_;
  ConnectionBook book_;

  mutable std::mutex mutex_;
  LogState state_;     // guarded by mutex_: fits notes_ at each moment
  StreamNotes notes_;  // guarded by mutex_
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_STREAM_H_
