// Dials on a loop of its own, events that remember, and a server that sends exactly what a test says.
#ifndef INLET_TESTS_INGEST_WS_DIAL_FIXTURE_H_
#define INLET_TESTS_INGEST_WS_DIAL_FIXTURE_H_

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "ingest/credentials.h"
#include "ingest/ws/dial.h"
#include "ingest/ws/egress.h"
#include "ingest/ws/event_loop.h"
#include "ingest/ws/lws_dialer.h"
#include "tests/ingest/ws/eventually.h"

namespace inlet::ws {

// Remembers what it was told, as lines: "stage connect ok", "stage tls failed", "open", "failed PROBLEM", "text TEXT",
// "binary SIZE", "too large SIZE", "closed CODE REASON".
class RecordingEvents final : public ConnectionEvents {
 public:
  ~RecordingEvents() override {
    if (at_end) at_end();
  }
  void OnStage(const StageReport& report) override;
  void OnOpen(const DialFacts& facts) override;
  void OnFailed(const DialFailure& failure, const DialFacts& facts) override;
  ingest::Verdict OnText(std::string_view text, ingest::WallTime receive_time) override;
  void OnFault(const ingest::MessageFaultReport& report) override;
  void OnClosed(uint16_t code, std::string_view reason) override;

  // Waits up to 20 s for a line that begins so. False: none came.
  bool WaitFor(std::string_view beginning);
  size_t CountLines(std::string_view beginning) const;
  std::vector<std::string> Lines() const;
  DialFailure failure() const;
  DialFacts facts() const;
  std::vector<StageReport> stages() const;

  // Called with each line, in the loop's thread.
  std::function<void(std::string_view)> react;
  // Set by DialTest: drops the connection that calls this.
  std::function<void()> at_end;
  // Its answer is the verdict.
  std::function<ingest::Verdict(std::string_view)> judge;

 private:
  void Note(const std::string& line);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  std::vector<StageReport> stages_;
  DialFailure failure_;
  DialFacts facts_;
};

// References by a table, files by another.
class TableCredentials final : public ingest::Credentials {
 public:
  absl::StatusOr<std::string> Expand(std::string_view text) const override;
  absl::StatusOr<std::string> ReadFile(std::string_view path) const override;

  std::map<std::string, std::string, std::less<>> references;  // whole texts
  std::map<std::string, std::string, std::less<>> files;
};

// Listens on 127.0.0.1, and runs the script for each connection in a thread of its own. The socket is closed when the
// script returns.
class ScriptedServer {
 public:
  using Script = std::function<void(int socket)>;
  explicit ScriptedServer(Script script);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  uint16_t port() const { return port_; }

 private:
  void Serve();
  void Run(int socket);

  const Script script_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::thread thread_;
  std::mutex mutex_;
  std::map<int, std::thread> connections_;  // by socket
  std::vector<std::thread> ended_;
};

// Reads to the end of the request's headers; what came is returned.
std::string ReadRequest(int socket);
void WriteAll(int socket, std::string_view bytes);
// Reads until the peer ends.
std::string ReadToEnd(int socket);
// A right 101 for the request, with `more` header lines ("Name: value\r\n").
std::string SwitchingAnswer(std::string_view request, std::string_view more = "");
// An unmasked frame.
std::string Frame(int opcode, std::string_view payload, bool final = true, int reserved = 0);
// Unmasks a client's frames: "OPCODE:PAYLOAD" each.
std::vector<std::string> ParseClientFrames(std::string_view bytes);
// So that closing sends a reset.
void ResetAtClose(int socket);

class DialTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  static DialRequest RequestTo(uint16_t port, const std::string& target = "/");
  // Starts a dial; the connection lives until Drop or the end.
  void Dial(const DialRequest& request, RecordingEvents& events);
  void Drop();
  // In the loop's thread.
  void OnLoop(const std::function<void()>& task);
  // Dials and waits for the failure.
  DialFailure FailureOf(const DialRequest& request);
  // Dials the script and waits for the failure.
  DialFailure FailureOf(ScriptedServer::Script script);
  static size_t OpenFiles();

  EgressOptions egress_options_;  // to be set before the first dial
  Resolver::Options resolver_options_;
  TableCredentials credentials_;
  std::unique_ptr<EgressRules> egress_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<LwsDialer> dialer_;
  std::unique_ptr<ClientConnection> connection_;
};

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_DIAL_FIXTURE_H_
