// The StreamService as a client sees it: a real server, fake sources.
#include "service/rpc/stream_service.h"

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "ingest/error.h"
#include "service/rpc/error_mapping.h"
#include "service/rpc/grpc_server.h"
#include "tests/service/rpc/service_fixture.h"

namespace inlet::rpc {
namespace {

using testing::HasSubstr;

// Ends every Subscribe with an error: what a subscriber does is told elsewhere.
class NoSubscriber : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  NoSubscriber() { Finish(grpc::Status(grpc::StatusCode::DATA_LOSS, "delegated")); }
  void OnDone() override { delete this; }
};

class StreamServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    StreamService::Options options;
    options.registry = &parts_.registry;
    options.control = &control_;
    options.plan = [this](const v1::CreateStreamRequest& request) { return parts_.Plan(request); };
    options.subscribe = [](auto* /*context*/, const auto* /*request*/) { return new NoSubscriber; };
    service_ = std::make_unique<StreamService>(std::move(options));
    auto server = GrpcServer::Start("127.0.0.1:0", *service_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::StreamService::NewStub(grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials()));
  }
  void TearDown() override { server_.reset(); }

  grpc::Status Create(const v1::CreateStreamRequest& request, v1::Stream* answer) {
    grpc::ClientContext context;
    return stub_->CreateStream(&context, request, answer);
  }
  grpc::Status CreateSql(const std::string& sql, v1::Stream* answer) {
    v1::CreateStreamRequest request;
    request.set_sql(sql);
    return Create(request, answer);
  }
  grpc::Status CreateNamed(const std::string& name) {
    v1::CreateStreamRequest request;
    request.mutable_stream()->set_name(name);
    v1::Stream answer;
    return Create(request, &answer);
  }
  grpc::Status Get(const std::string& name, v1::Stream* answer) {
    grpc::ClientContext context;
    v1::GetStreamRequest request;
    request.set_name(name);
    return stub_->GetStream(&context, request, answer);
  }
  grpc::Status Delete(const std::string& name, bool allow_missing = false) {
    grpc::ClientContext context;
    v1::DeleteStreamRequest request;
    request.set_name(name);
    request.set_allow_missing(allow_missing);
    v1::DeleteStreamResponse answer;
    return stub_->DeleteStream(&context, request, &answer);
  }

  ServiceParts parts_;
  service::ControlThread control_{{}};
  std::unique_ptr<StreamService> service_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<v1::StreamService::Stub> stub_;
};

TEST_F(StreamServiceTest, AStreamIsCreatedShownListedAndDeleted) {
  v1::Stream created;
  ASSERT_TRUE(CreateSql(R"(CREATE STREAM demo () WITH (DATASOURCE="/api/data", TYPE="websocket"))", &created).ok());
  EXPECT_EQ(created.name(), "demo");
  EXPECT_EQ(created.status().endpoint(), "ws://fake/api/data");
  EXPECT_EQ(created.status().state(), v1::StreamStatus::LISTENING);

  v1::Stream shown;
  ASSERT_TRUE(Get("demo", &shown).ok());
  EXPECT_EQ(shown.status().epoch(), created.status().epoch());
  EXPECT_EQ(shown.sql(), R"(CREATE STREAM demo () WITH (DATASOURCE="/api/data", TYPE="websocket"))");

  grpc::ClientContext context;
  v1::ListStreamsResponse page;
  ASSERT_TRUE(stub_->ListStreams(&context, {}, &page).ok());
  EXPECT_EQ(page.streams_size(), 1);

  EXPECT_TRUE(Delete("demo").ok());
  EXPECT_EQ(Get("demo", &shown).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(StreamServiceTest, ErrorsCarryTheirReason) {
  v1::Stream answer;
  EXPECT_EQ(ReasonOf(CreateSql("CREATE STREM demo", &answer)), "SQL_SYNTAX");
  EXPECT_EQ(ReasonOf(CreateSql("CREATE STREAM demo () WITH (TYPE=\"mqtt\")", &answer)), "OPTION_UNKNOWN");
  EXPECT_EQ(ReasonOf(Create({}, &answer)), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(CreateNamed("1st")), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(Get("", &answer)), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(Delete("")), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(Get("none", &answer)), "STREAM_UNKNOWN");
  EXPECT_EQ(ReasonOf(Delete("none")), "STREAM_UNKNOWN");
  EXPECT_TRUE(Delete("none", true).ok());
  ASSERT_TRUE(CreateNamed("demo").ok());
  EXPECT_EQ(ReasonOf(CreateNamed("demo")), "STREAM_EXISTS");
}

TEST_F(StreamServiceTest, ASourceThatCannotStartIsTheCreatorsError) {
  parts_.sources.FailStarts(MakeError(absl::StatusCode::kFailedPrecondition, "0.0.0.0:10081: Address already in use",
                                      {"ADDRESS_UNAVAILABLE", {{"address", "0.0.0.0:10081"}}, "", {}}));
  const grpc::Status status = CreateNamed("demo");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(status), "ADDRESS_UNAVAILABLE");
  EXPECT_THAT(status.error_message(), HasSubstr("Address already in use"));
}

TEST_F(StreamServiceTest, SubscribeIsDelegated) {
  grpc::ClientContext context;
  const auto reader = stub_->Subscribe(&context, {});
  v1::SubscribeResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_message(), "delegated");
}

TEST_F(StreamServiceTest, NothingIsMadeForACallerWhoHasGone) {
  std::promise<void> blocked;
  std::promise<void> go_on;
  ASSERT_TRUE(control_
                  .Post([&] {
                    blocked.set_value();
                    go_on.get_future().wait();
                  })
                  .ok());
  blocked.get_future().wait();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
  v1::CreateStreamRequest request;
  request.mutable_stream()->set_name("demo");
  v1::Stream answer;
  EXPECT_EQ(stub_->CreateStream(&context, request, &answer).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  // The server learns of it by its own clock and by the reset, which goes before these calls.
  for (int i = 0; i < 50; ++i) {
    v1::Stream shown;
    EXPECT_EQ(Get("demo", &shown).error_code(), grpc::StatusCode::NOT_FOUND);
  }
  go_on.set_value();
  control_.Stop();
  EXPECT_EQ(parts_.registry.size(), 0U);
}

TEST_F(StreamServiceTest, ManyCallersCreateAndDeleteAtOnce) {
  std::vector<std::thread> callers;
  callers.reserve(8);
  std::atomic<int> created{0};
  std::atomic<int> odd{0};  // answers that are neither success nor the error that the race explains
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 50; ++i) {
        const bool shared = i % 2 == 0;
        const std::string name = shared ? "shared" : "own" + std::to_string(caller);
        const grpc::Status made = CreateNamed(name);
        if (made.ok()) ++created;
        if (!made.ok() && (!shared || made.error_code() != grpc::StatusCode::ALREADY_EXISTS)) ++odd;
        const grpc::Status gone = Delete(name);
        if (!gone.ok() && (!shared || gone.error_code() != grpc::StatusCode::NOT_FOUND)) ++odd;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(odd, 0);
  EXPECT_EQ(parts_.registry.size(), 0U);
  service::RunOnLoop(parts_.loop, [] {});
  const std::vector<std::string> journal = parts_.sources.journal();
  EXPECT_EQ(journal.size(), 3U * static_cast<size_t>(created));  // each was started, stopped and destroyed
  EXPECT_THAT(journal, testing::Not(testing::Contains(HasSubstr("WRONG THREAD"))));
}

TEST_F(StreamServiceTest, CallsAfterTheControlThreadHasStoppedAreToldToComeBack) {
  control_.Stop();
  const grpc::Status status = CreateNamed("demo");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "DRAINING");
}

// What a service does at each start, with its token in the definition.
TEST_F(StreamServiceTest, AllowExistingComparesSecretsAndShowsNone) {
  const auto definition = [](const std::string& token) {
    v1::CreateStreamRequest request;
    request.set_allow_existing(true);
    request.mutable_stream()->set_name("feed");
    request.mutable_stream()->set_datasource("ws://127.0.0.1:1/v1?key=" + token + "-query");
    (*request.mutable_stream()->mutable_settings()->mutable_request_header())["Authorization"] = "Bearer " + token;
    return request;
  };
  const std::string first = "first-secret";
  const std::string second = "second-secret";
  v1::Stream created;
  ASSERT_TRUE(Create(definition(first), &created).ok());
  v1::Stream again;
  const grpc::Status same = Create(definition(first), &again);
  ASSERT_TRUE(same.ok()) << same.error_message();
  EXPECT_EQ(again.status().epoch(), created.status().epoch()) << "the stream that was there";
  EXPECT_EQ(again.settings().request_header().at("Authorization"), "<redacted>");
  EXPECT_EQ(again.datasource(), "ws://127.0.0.1:1/v1?key=<redacted>");
  again.mutable_status()->clear_endpoint();  // the fake source's own
  EXPECT_THAT(again.DebugString(), testing::Not(HasSubstr(first)));

  v1::Stream none;
  const grpc::Status other = Create(definition(second), &none);
  EXPECT_EQ(other.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(ReasonOf(other), "STREAM_EXISTS");
  const std::string told = other.error_message() + other.error_details() + none.DebugString();
  EXPECT_THAT(told, HasSubstr("datasource"));
  EXPECT_THAT(told, HasSubstr("settings.requestHeader"));
  EXPECT_THAT(told, testing::Not(HasSubstr(first)));
  EXPECT_THAT(told, testing::Not(HasSubstr(second)));

  // What Get shows is no definition: the placeholder is no token.
  v1::CreateStreamRequest shown = definition(first);
  *shown.mutable_stream() = again;
  EXPECT_EQ(ReasonOf(Create(shown, &none)), "FIELD_INVALID");
}

}  // namespace
}  // namespace inlet::rpc
