// Notes what a source tells its stream.
#ifndef INLET_TESTS_FAKES_FAKE_SINK_H_
#define INLET_TESTS_FAKES_FAKE_SINK_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/source.h"

namespace inlet::ingest {

// "state 3 REASON", "connect PEER", "text TEXT", "fault SIZE", "disconnect CODE REASON", "refuse STATUS".
class FakeSink final : public SourceSink {
 public:
  Verdict OnMessage(const Message& message) override {
    Note("text " + std::string(message.text));
    connections.push_back(message.connection);
    return verdict;
  }
  void OnFault(const MessageFaultReport& report) override {
    Note("fault " + std::to_string(report.size));
    connections.push_back(report.connection);
  }
  void OnConnect(const ConnectionFacts& connection) override {
    Note("connect " + std::string(connection.peer));
    connections.push_back(connection.id);
  }
  void OnDisconnect(uint64_t connection, uint16_t code, std::string_view reason) override {
    Note("disconnect " + std::to_string(code) + " " + std::string(reason));
    connections.push_back(connection);
  }
  void OnRefuse(int http_status, std::string_view /*reason*/, std::string_view /*peer*/) override {
    Note("refuse " + std::to_string(http_status));
  }
  void OnState(const SourceStatus& status) override {
    Note("state " + std::to_string(static_cast<int>(status.state)) + " " + status.reason);
    last = status;
  }

  // What was noted since the last call.
  std::vector<std::string> Take() { return std::exchange(journal_, {}); }

  Verdict verdict = Verdict::kTaken;
  SourceStatus last;
  std::vector<uint64_t> connections;  // those named in calls
  bool keeps_journal = true;          // off for long tests

 private:
  void Note(std::string line) {
    if (keeps_journal) journal_.push_back(std::move(line));
  }
  std::vector<std::string> journal_;
};

}  // namespace inlet::ingest

#endif  // INLET_TESTS_FAKES_FAKE_SINK_H_
