// A client-role source over a fake dialer, and what its stream is told.
#ifndef INLET_TESTS_INGEST_WS_CLIENT_FIXTURE_H_
#define INLET_TESTS_INGEST_WS_CLIENT_FIXTURE_H_

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ingest/ws/client.h"
#include "tests/fakes/fake_credentials.h"
#include "tests/fakes/fake_dialer.h"
#include "tests/fakes/fake_loop.h"
#include "tests/fakes/fake_sink.h"

namespace inlet::ws {

class ClientSourceTest : public ::testing::Test {
 protected:
  ClientSourceTest() {
    role_.host = "feed.example";
    role_.port = 80;
    role_.target = "/v1";
    role_.url = "ws://feed.example/v1";
  }
  ~ClientSourceTest() override {
    source_.reset();
    client_.Free();
  }

  void Start() {
    ingest::StreamSpec spec;
    spec.name = "demo";
    spec.role = role_;
    source_ = client_.CreateSource(std::make_shared<const ingest::StreamSpec>(spec), sink_);
    ASSERT_TRUE(source_->Start().ok());
  }

  void Open() {
    dialer_.last().Stage(DialStage::kResolve);
    dialer_.last().Stage(DialStage::kConnect);
    dialer_.last().Stage(DialStage::kUpgrade);
    DialFacts facts;
    facts.peer = "10.0.0.1:80";
    dialer_.last().Open(facts);
  }

  void StartOpen() {
    Start();
    Open();
    sink_.Take();
    dialer_.journal.clear();
  }

  std::chrono::nanoseconds WaitTime() const { return sink_.last.retry_time - loop_.TurnTime(); }

  static DialFailure Refused() {
    DialFailure failure;
    failure.problem = DialProblem::kRefused;
    failure.text = "nobody listens on 10.0.0.1:80";
    return failure;
  }
  static DialFailure Answered(int status, std::string text) {
    DialFailure failure;
    failure.problem = DialProblem::kHttpStatus;
    failure.text = std::move(text);
    failure.http_status = status;
    return failure;
  }

  ingest::ClientRole role_;
  ingest::FakeLoop loop_;
  FakeDialer dialer_;
  ingest::FakeCredentials credentials_;
  ingest::FakeSink sink_;
  Client client_{dialer_, loop_, credentials_};
  std::unique_ptr<ingest::Source> source_;
};

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_CLIENT_FIXTURE_H_
