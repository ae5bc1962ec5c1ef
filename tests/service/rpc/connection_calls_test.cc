// ListConnections, CloseConnection and Send as a client sees them: a real server, sources without a network.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "ingest/error.h"
#include "service/rpc/connection_requests.h"
#include "service/rpc/connection_service.h"
#include "service/rpc/error_mapping.h"
#include "tests/service/rpc/connection_service_fixture.h"

namespace inlet::rpc {
namespace {

using testing::Contains;
using testing::HasSubstr;

class ConnectionCallsTest : public ConnectionServiceFixture {
 protected:
  void SetUp() override {
    ConnectionServiceFixture::SetUp();
    CreateFleet();
  }
  void CreateFleet() {
    v1::CreateStreamRequest request;
    request.mutable_stream()->set_name("fleet");
    request.mutable_stream()->set_datasource("/devices/{id}");
    const auto plan = parts_.Plan(request);
    ASSERT_TRUE(plan.ok()) << plan.status();
    ASSERT_TRUE(parts_.registry.Create(*plan, {}).ok());
  }
  void Connect(uint64_t id, const std::string& device) {
    parts_.OnLoop([&] {
      parts_.sources.sink("fleet").OnConnect({.id = id,
                                              .peer = "10.0.0.1:80",
                                              .path = "/devices/x",
                                              .variables = {{"id", device}},
                                              .tls_version = "TLSv1.3",
                                              .subprotocol = "json"});
    });
  }
  grpc::Status List(const v1::ListConnectionsRequest& request) {
    grpc::ClientContext context;
    return stub_->ListConnections(&context, request, &page_);
  }
  grpc::Status Close(const v1::CloseConnectionRequest& request) {
    grpc::ClientContext context;
    v1::CloseConnectionResponse response;
    return stub_->CloseConnection(&context, request, &response);
  }
  grpc::Status Send(const v1::SendRequest& request) {
    grpc::ClientContext context;
    return stub_->Send(&context, request, &sent_);
  }
  static v1::SendRequest Text(const std::string& text) {
    v1::SendRequest request;
    request.set_stream("fleet");
    request.set_text(text);
    return request;
  }

  v1::ListConnectionsResponse page_;
  v1::SendResponse sent_;
};

TEST_F(ConnectionCallsTest, ListsInPagesByIdWithWhatIsKnown) {
  for (const uint64_t id : {7, 3, 5}) Connect(id, "pump " + std::to_string(id));
  parts_.OnLoop([&] { parts_.sources.sink("fleet").OnMessage({"[{}, 1]", 3, parts_.loop.TurnTime()}); });
  v1::ListConnectionsRequest request;
  request.set_stream("fleet");
  request.set_page_size(2);
  ASSERT_TRUE(List(request).ok());
  ASSERT_EQ(page_.connections_size(), 2);
  const v1::Connection& first = page_.connections(0);
  EXPECT_EQ(first.id(), 3U);
  EXPECT_EQ(first.origin().variables().at("id"), "pump 3");
  EXPECT_EQ(first.origin().peer(), "10.0.0.1:80");
  EXPECT_EQ(first.tls_version(), "TLSv1.3");
  EXPECT_EQ(first.subprotocol(), "json");
  EXPECT_EQ(first.messages(), 1U);
  EXPECT_EQ(first.bytes(), 7U);
  EXPECT_EQ(first.rejects(), 1U);
  EXPECT_TRUE(first.has_connect_time());
  EXPECT_TRUE(first.has_last_message_time());
  EXPECT_FALSE(page_.connections(1).has_last_message_time());
  request.set_page_token(page_.next_page_token());
  ASSERT_TRUE(List(request).ok());
  ASSERT_EQ(page_.connections_size(), 1);
  EXPECT_EQ(page_.connections(0).id(), 7U);
  EXPECT_TRUE(page_.next_page_token().empty());
}

TEST_F(ConnectionCallsTest, APageAlsoEndsBeforeItHasTooManyBytes) {
  const std::string device(300U << 10, 'x');  // three of them fit
  for (uint64_t id = 1; id <= 4; ++id) Connect(id, device);
  Connect(5, std::string(2U << 20, 'x'));  // one fits in no page
  v1::ListConnectionsRequest request;
  request.set_stream("fleet");
  for (const int shown : {3, 1, 1}) {
    ASSERT_TRUE(List(request).ok());
    EXPECT_EQ(page_.connections_size(), shown);
    request.set_page_token(page_.next_page_token());
  }
  EXPECT_EQ(page_.connections(0).id(), 5U);
  EXPECT_TRUE(page_.next_page_token().empty());
}

// Calls of Send that are made at once.
class ManySends {
 public:
  ManySends(v1::ConnectionService::Stub& stub, const v1::SendRequest& request, size_t count) : calls_(count) {
    for (Call& call : calls_) {
      stub.async()->Send(&call.context, &request, &call.response, [this, &call](const grpc::Status& status) {
        const std::lock_guard lock(mutex_);
        call.status = status;
        ++ended_;
        changed_.notify_all();
      });
    }
  }
  ~ManySends() { Await(calls_.size()); }
  ManySends(const ManySends&) = delete;
  ManySends& operator=(const ManySends&) = delete;

  // Until so many have ended; the status of one of them that failed, else of none.
  grpc::Status Await(size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(30), [&] { return ended_ >= count; }));
    for (const Call& call : calls_) {
      if (!call.status.ok()) return call.status;
    }
    return grpc::Status::OK;
  }
  size_t failed() {
    const std::lock_guard lock(mutex_);
    return static_cast<size_t>(
        std::count_if(calls_.begin(), calls_.end(), [](const Call& call) { return !call.status.ok(); }));
  }

 private:
  struct Call {
    grpc::ClientContext context;
    v1::SendResponse response;
    grpc::Status status;
  };

  std::mutex mutex_;
  std::condition_variable changed_;
  size_t ended_ = 0;
  std::vector<Call> calls_;
};

TEST_F(ConnectionCallsTest, SoManyWaitForALoopThatStandsStill) {
  constexpr size_t kBeyond = 3;
  v1::SendRequest request = Text("hi");
  request.set_all(true);
  std::promise<void> go_on;
  parts_.loop.Post([stand_still = go_on.get_future().share()] { stand_still.wait(); });
  ManySends sends(*stub_, request, ConnectionService::kMostWaitingCalls + kBeyond);
  const grpc::Status refused = sends.Await(kBeyond);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(refused), "LIMIT_REACHED");
  EXPECT_THAT(refused.error_message(), HasSubstr("the limit is 1024"));
  go_on.set_value();
  EXPECT_FALSE(sends.Await(ConnectionService::kMostWaitingCalls + kBeyond).ok());
  EXPECT_EQ(sends.failed(), kBeyond);
  EXPECT_TRUE(Send(request).ok());  // who has waited counts no more
}

TEST_F(ConnectionCallsTest, SoManyBytesWaitForALoopThatStandsStill) {
  constexpr size_t kBeyond = 3;
  v1::SendRequest request = Text(std::string(1U << 20, 'x'));
  request.set_all(true);
  std::promise<void> go_on;
  parts_.loop.Post([stand_still = go_on.get_future().share()] { stand_still.wait(); });
  const size_t most = ConnectionService::kMostWaitingBytes / request.text().size();
  ManySends sends(*stub_, request, most + kBeyond);
  const grpc::Status refused = sends.Await(kBeyond);
  EXPECT_EQ(ReasonOf(refused), "LIMIT_REACHED");
  EXPECT_THAT(refused.error_message(), HasSubstr("the limit is 67108864 bytes"));
  go_on.set_value();
  EXPECT_FALSE(sends.Await(most + kBeyond).ok());
  EXPECT_EQ(sends.failed(), kBeyond);
  EXPECT_TRUE(Send(request).ok());
}

TEST_F(ConnectionCallsTest, AStreamThatIsNotThereIsNamed) {
  v1::ListConnectionsRequest request;
  EXPECT_THAT(List(request).error_message(), HasSubstr("stream is missing"));
  request.set_stream("flet");
  const grpc::Status status = List(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(status), "STREAM_UNKNOWN");
}

TEST_F(ConnectionCallsTest, ClosesOneByItsId) {
  Connect(3, "pump");
  v1::CloseConnectionRequest request;
  request.set_stream("fleet");
  request.set_connection(3);
  request.set_reason("that was all");
  EXPECT_TRUE(Close(request).ok());
  EXPECT_THAT(parts_.sources.journal(), Contains("close 3 1000 (that was all) fleet"));
  request.set_connection(4);
  const grpc::Status status = Close(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(status), "CONNECTION_UNKNOWN");
}

TEST_F(ConnectionCallsTest, SendsToWhomIsNamed) {
  Connect(3, "pump");
  Connect(5, "valve");
  v1::SendRequest request = Text("hi");
  request.set_all(true);
  ASSERT_TRUE(Send(request).ok());
  EXPECT_EQ(sent_.sent(), 2U);
  (*request.mutable_variables()->mutable_values())["id"] = "valve";
  ASSERT_TRUE(Send(request).ok());
  EXPECT_EQ(sent_.sent(), 1U);
  request.set_connection(3);
  ASSERT_TRUE(Send(request).ok());
  EXPECT_EQ(sent_.sent(), 1U);
  request.set_connection(4);
  EXPECT_EQ(ReasonOf(Send(request)), "CONNECTION_UNKNOWN");
  request = Text(std::string(ingest::FakeSource::kRefusedText));
  request.set_all(true);
  ASSERT_TRUE(Send(request).ok());
  EXPECT_EQ(sent_.sent(), 0U);
  EXPECT_EQ(sent_.refused(), 2U);
}

TEST_F(ConnectionCallsTest, NobodySendsToAFleetByMistake) {
  EXPECT_THAT(Send(Text("hi")).error_message(), HasSubstr("to whom"));
  v1::SendRequest request = Text("hi");
  request.set_all(false);
  EXPECT_EQ(Send(request).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  request.mutable_variables();
  EXPECT_EQ(Send(request).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  (*request.mutable_variables()->mutable_values())["device"] = "7";
  EXPECT_THAT(Send(request).error_message(), HasSubstr("/devices/{id} has no variable {device}"));
}

struct CodeRow {
  uint32_t code;
  bool good;
};

TEST(ReadCloseOrder, TakesTheCodesThatAnEndpointMaySend) {
  for (const CodeRow row : {CodeRow{0, true},
                            {1, false},
                            {999, false},
                            {1000, true},
                            {1001, true},
                            {1002, false},
                            {1003, true},
                            {1004, false},
                            {1005, false},
                            {1006, false},
                            {1007, true},
                            {1014, true},
                            {1015, false},
                            {2999, false},
                            {3000, true},
                            {4999, true},
                            {5000, false},
                            {66536, false}}) {
    v1::CloseConnectionRequest request;
    request.set_connection(1);
    request.set_code(row.code);
    const auto order = ReadCloseOrder(request);
    EXPECT_EQ(order.ok(), row.good) << row.code;
    if (order.ok()) {
      EXPECT_EQ(order->code, row.code == 0 ? 1000 : row.code);
    } else {
      EXPECT_EQ(GetErrorDetail(order.status()).field, "code");
    }
  }
}

TEST(ReadCloseOrder, AReasonMustFitInAFrame) {
  v1::CloseConnectionRequest request;
  EXPECT_EQ(GetErrorDetail(ReadCloseOrder(request).status()).field, "connection");
  request.set_connection(1);
  request.set_reason(std::string(123, 'x'));
  EXPECT_TRUE(ReadCloseOrder(request).ok());
  request.set_reason(std::string(124, 'x'));
  EXPECT_EQ(GetErrorDetail(ReadCloseOrder(request).status()).field, "reason");
  request.set_reason("\xff");
  EXPECT_EQ(GetErrorDetail(ReadCloseOrder(request).status()).field, "reason");
}

TEST(ReadSendTarget, TheTextHasABound) {
  ingest::StreamSpec spec;
  spec.role = ingest::ClientRole{};
  v1::SendRequest request;
  request.set_text(std::string(1U << 20, 'x'));
  EXPECT_TRUE(ReadSendTarget(request, spec).ok());
  request.set_text(std::string((1U << 20) + 1, 'x'));
  EXPECT_EQ(GetErrorDetail(ReadSendTarget(request, spec).status()).field, "text");
  request.set_text("\xff");
  EXPECT_EQ(GetErrorDetail(ReadSendTarget(request, spec).status()).field, "text");
}

TEST(ReadSendTarget, AStreamThatDialsHasNoTarget) {
  ingest::StreamSpec spec;
  spec.role = ingest::ClientRole{};
  v1::SendRequest request;
  EXPECT_TRUE(ReadSendTarget(request, spec).ok());
  request.set_all(true);
  EXPECT_EQ(GetErrorDetail(ReadSendTarget(request, spec).status()).field, "target");
}

TEST(ReadConnectionsPage, RefusesWhatIsNotOurs) {
  v1::ListConnectionsRequest request;
  EXPECT_EQ(ReadConnectionsPage(request)->size, 100U);
  request.set_page_size(5000);
  EXPECT_EQ(ReadConnectionsPage(request)->size, 1000U);
  request.set_page_size(-1);
  EXPECT_EQ(GetErrorDetail(ReadConnectionsPage(request).status()).field, "page_size");
  request.set_page_size(0);
  for (const std::string token : {"x", "Y29ubmVjdGlvbjo", "Y29ubmVjdGlvbjp4"}) {  // "connection:", "connection:x"
    request.set_page_token(token);
    EXPECT_EQ(GetErrorDetail(ReadConnectionsPage(request).status()).field, "page_token") << token;
  }
}

}  // namespace
}  // namespace inlet::rpc
