// A WebSocket server on a free loopback port, and sinks that remember.
#ifndef INLET_TESTS_INGEST_WS_SERVER_FIXTURE_H_
#define INLET_TESTS_INGEST_WS_SERVER_FIXTURE_H_

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/source.h"
#include "ingest/ws/event_loop.h"
#include "ingest/ws/server.h"
#include "tests/ingest/ws/raw_client.h"

namespace inlet::ws {

// Remembers what it was told, as lines: "message TEXT", "binary SIZE", "too large SIZE", "connect", "disconnect CODE
// REASON", "refuse STATUS", "listening".
class RecordingSink final : public ingest::SourceSink {
 public:
  ingest::Verdict OnMessage(const ingest::Message& message) override;
  void OnFault(const ingest::MessageFaultReport& report) override;
  void OnConnect(const ingest::ConnectionFacts& connection) override;
  void OnDisconnect(uint64_t connection, uint16_t code, std::string_view reason) override;
  void OnRefuse(int http_status, std::string_view reason, std::string_view peer) override;
  void OnState(const ingest::SourceStatus& status) override;

  // Waits up to 20 s for a line that begins so; takes it and all before it. False: none came.
  bool WaitFor(std::string_view line);
  // Waits up to 20 s for so many messages in all.
  bool WaitForMessages(size_t count);
  std::vector<std::string> Lines() const;
  size_t CountLines(std::string_view beginning) const;
  std::vector<std::string> Messages() const;
  std::vector<uint64_t> Connections() const;  // one for each OnConnect
  std::string LastPeer() const;
  // Of the last OnConnect: "path PATH name=value name=value subject SUBJECT tls VERSION subprotocol NAME", without what
  // is empty.
  std::string LastFacts() const;

  // Called in OnMessage; its answer is the verdict.
  std::function<ingest::Verdict(std::string_view)> judge;

 private:
  void Note(std::string line);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  std::vector<std::string> messages_;
  std::vector<uint64_t> connections_;
  std::string last_peer_;
  std::string last_facts_;
  size_t taken_ = 0;
};

class ServerTest : public testing::Test {
 protected:
  static ServerOptions LoopbackOptions();
  // Stops the server and its loop, as the service does.
  void TearDown() override;

  // To be called once, before anything else.
  void StartServer(const ServerOptions& options = LoopbackOptions(), const ingest::Credentials* credentials = nullptr);

  // With all that is alive; then the test must not use the loop any more.
  void StopLoop();

  struct Listening {
    std::unique_ptr<RecordingSink> sink;
    std::unique_ptr<ingest::Source> source;
  };
  // Starts a source; the answer is `status_`.
  RecordingSink& Listen(const std::string& path, uint32_t max_message_bytes = 1U << 20,
                        const std::string& stream = "demo");
  RecordingSink& Listen(const ingest::StreamSpec& spec);
  // A server-role stream with the defaults.
  static ingest::StreamSpec StreamOn(const std::string& path, const std::string& stream = "demo");
  // Of the n-th Listen.
  void StopListening(size_t index);
  ingest::Source& source(size_t index) { return *listening_[index].source; }

  // In the loop's thread.
  void OnLoop(const std::function<void()>& task);
  uint16_t Port();
  const ServerCounters& counters() const { return server_->counters(); }
  uint64_t Refused(RefusalKind kind) const { return counters().refused[static_cast<size_t>(kind)].value(); }
  // Waits up to 20 s.
  static bool Eventually(const std::function<bool()>& condition);

  std::function<void()> publish_;  // as EventLoop::Options has it; to be set in the loop's thread
  absl::Status status_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<Server> server_;
  std::vector<Listening> listening_;

 private:
  bool stopped_ = false;
};

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_SERVER_FIXTURE_H_
