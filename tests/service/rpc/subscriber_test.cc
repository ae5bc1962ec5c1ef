// Subscribe over a real gRPC connection: what a client of the contract sees.
#include "service/rpc/subscriber.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "inlet/v1/inlet.grpc.pb.h"
#include "service/rpc/error_mapping.h"
#include "tests/fakes/entries.h"

namespace inlet::rpc {
namespace {

using ingest::Entry;
using ingest::Second;

class SubscribeOnlyService : public v1::StreamService::WithRawCallbackMethod_Subscribe<v1::StreamService::Service> {
 public:
  explicit SubscribeOnlyService(SubscriberEnvironment& environment) : environment_(environment) {}
  SubscribeReactor* Subscribe(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) override {
    return StartSubscriber(context, request, environment_);
  }

 private:
  SubscriberEnvironment& environment_;
};

class SubscriberTest : public ::testing::Test {
 protected:
  SubscriberTest() {
    environment_.delivery = &delivery_;
    environment_.views = &views_;
    environment_.find = [this](const std::string& stream, Channel /*channel*/) -> absl::StatusOr<SubscribeTarget> {
      if (stream != "demo") return absl::NotFoundError("there is no stream " + stream);
      return SubscribeTarget{stream, log_, Second(0)};
    };
    delivery_.Start();
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
    stub_ = NewStub();
  }

  ~SubscriberTest() override {
    log_->Close(ingest::CloseReason::kDraining);
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
    delivery_.Stop();
    EXPECT_EQ(environment_.subscribers.load(), 0U) << "every subscriber is gone";
    EXPECT_EQ(log_->subscribers(), 0);
  }

  // A connection of its own, so that one reader's flow control is not another's.
  std::unique_ptr<v1::StreamService::Stub> NewStub() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 64 << 10);
    return v1::StreamService::NewStub(
        grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(), arguments));
  }

  void Append(int count, size_t text_size = 7) {
    const std::string json = R"({"a":")" + std::string(text_size, 'x') + R"("})";
    for (int i = 0; i < count; ++i) log_->Append(Entry(json), Second(1));
  }

  // While the service runs, and within ten seconds.
  bool NobodyIsLeft() const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (environment_.subscribers.load() > 0) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }

  using Reader = std::unique_ptr<grpc::ClientReader<v1::SubscribeResponse>>;

  Reader Subscribe(grpc::ClientContext& context, const v1::SubscribeRequest& request) {
    return stub_->Subscribe(&context, request);
  }

  static v1::SubscribeRequest Request() {
    v1::SubscribeRequest request;
    request.set_stream("demo");
    request.set_earliest(true);
    request.set_encoding(v1::SubscribeRequest::JSON);
    return request;
  }

  static v1::SubscribeResponse Read(Reader& reader) {
    v1::SubscribeResponse response;
    EXPECT_TRUE(reader->Read(&response));
    return response;
  }

  // Reads until `count` records have come; they must be dense from `first`.
  static void ReadRecords(Reader& reader, uint64_t first, uint64_t count) {
    uint64_t expected = first;
    while (expected < first + count) {
      v1::SubscribeResponse response;
      ASSERT_TRUE(reader->Read(&response));
      for (const v1::Record& record : response.records()) ASSERT_EQ(record.offset(), expected++);
    }
  }

  std::shared_ptr<ingest::MemoryGauge> gauge_ = std::make_shared<ingest::MemoryGauge>(0);
  ingest::ViewCache views_;
  Delivery delivery_{views_};
  std::shared_ptr<ingest::RecordLog> log_ = std::make_shared<ingest::RecordLog>(
      ingest::RecordLog::Options{"epoch", {1U << 20, 0, {}}, &delivery_, gauge_, Second(0)});
  SubscriberEnvironment environment_;
  SubscribeOnlyService service_{environment_};
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  std::unique_ptr<v1::StreamService::Stub> stub_;
};

TEST_F(SubscriberTest, HistoryAndLiveInBothViews) {
  Append(100);
  for (const auto encoding : {v1::SubscribeRequest::JSON, v1::SubscribeRequest::DATA}) {
    grpc::ClientContext context;
    v1::SubscribeRequest request = Request();
    request.set_encoding(encoding);
    Reader reader = Subscribe(context, request);
    EXPECT_EQ(Read(reader).notice().started().epoch(), "epoch");
    const uint64_t before = log_->bounds().next_offset;
    ReadRecords(reader, 1, before - 1);
    EXPECT_TRUE(Read(reader).notice().has_caught_up());
    Append(3);
    ReadRecords(reader, before, 3);
    context.TryCancel();
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
}

TEST_F(SubscriberTest, ErrorsCarryTheirDetails) {
  grpc::ClientContext context;
  v1::SubscribeRequest request = Request();
  request.set_last(0);
  Reader reader = Subscribe(context, request);
  v1::SubscribeResponse response;
  EXPECT_FALSE(reader->Read(&response));
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(ParseErrorDetails(status).has_value());
}

TEST_F(SubscriberTest, MaxRecordsEndsWithOk) {
  Append(10);
  grpc::ClientContext context;
  v1::SubscribeRequest request = Request();
  request.set_max_records(3);
  Reader reader = Subscribe(context, request);
  Read(reader);
  ReadRecords(reader, 1, 3);
  v1::SubscribeResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(SubscriberTest, HeartbeatsComeInSilence) {
  grpc::ClientContext context;
  v1::SubscribeRequest request = Request();
  request.mutable_heartbeat_interval()->set_seconds(1);
  Reader reader = Subscribe(context, request);
  EXPECT_TRUE(Read(reader).notice().has_started());
  EXPECT_TRUE(Read(reader).notice().has_caught_up());
  EXPECT_TRUE(Read(reader).notice().has_heartbeat());
  EXPECT_TRUE(Read(reader).notice().has_heartbeat());
  context.TryCancel();
  reader->Finish();
}

TEST_F(SubscriberTest, DeletionIsToldAndEndsTheCall) {
  grpc::ClientContext context;
  Reader reader = Subscribe(context, Request());
  Read(reader);
  Read(reader);
  log_->Close(ingest::CloseReason::kStreamDeleted);
  EXPECT_EQ(Read(reader).notice().ending().reason(), v1::STREAM_DELETED);
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(SubscriberTest, AReaderThatStallsIsEndedWithAReasonAndSlowsNobody) {
  grpc::ClientContext stalled_context;
  v1::SubscribeRequest request = Request();
  request.mutable_stall_timeout()->set_seconds(1);
  const auto stalled_stub = NewStub();
  Reader stalled = stalled_stub->Subscribe(&stalled_context, request);
  EXPECT_TRUE(Read(stalled).notice().has_started());

  grpc::ClientContext context;
  Reader lively = Subscribe(context, Request());
  EXPECT_TRUE(Read(lively).notice().has_started());

  uint64_t next = 1;
  while (environment_.stalled.load() == 0) {
    Append(500, 1000);
    ReadRecords(lively, next, 500);
    next += 500;
    ASSERT_LE(*gauge_, (1 << 20) + 4 * static_cast<int64_t>(ingest::RecordLog::kMaxChunkBytes));
  }
  v1::SubscribeResponse response;
  while (stalled->Read(&response)) {
  }
  const grpc::Status status = stalled->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << status.error_message();
  EXPECT_NE(status.error_message().find("stall_timeout"), std::string::npos) << status.error_message();
  context.TryCancel();
  lively->Finish();
}

TEST_F(SubscriberTest, AStormOfSubscribersIsServedAndLeavesNothing) {
  Append(10);
  std::vector<std::future<bool>> results;
  results.reserve(8);
  for (int thread = 0; thread < 8; ++thread) {
    results.push_back(std::async(std::launch::async, [this] {
      bool all_good = true;
      for (int i = 0; i < 125; ++i) {
        grpc::ClientContext context;
        v1::SubscribeRequest request = Request();
        request.set_max_records(10);
        Reader reader = stub_->Subscribe(&context, request);
        uint64_t records = 0;
        v1::SubscribeResponse response;
        while (reader->Read(&response)) records += static_cast<uint64_t>(response.records_size());
        all_good = all_good && reader->Finish().ok() && records == 10;
      }
      return all_good;
    }));
  }
  for (auto& result : results) EXPECT_TRUE(result.get());
  EXPECT_TRUE(NobodyIsLeft());
}

TEST_F(SubscriberTest, AThousandAtOnceAreWokenByOneRecord) {
  struct Call {
    grpc::ClientContext context;
    Reader reader;
  };
  std::vector<std::unique_ptr<Call>> calls;
  for (int i = 0; i < 1000; ++i) {
    calls.push_back(std::make_unique<Call>());
    calls.back()->reader = Subscribe(calls.back()->context, Request());
  }
  for (auto& call : calls) {
    EXPECT_TRUE(Read(call->reader).notice().has_started());
    EXPECT_TRUE(Read(call->reader).notice().has_caught_up());
  }
  EXPECT_EQ(log_->subscribers(), 1000);
  Append(1);
  for (auto& call : calls) ReadRecords(call->reader, 1, 1);
  for (auto& call : calls) call->context.TryCancel();
  for (auto& call : calls) EXPECT_EQ(call->reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(SubscriberTest, TheLimitOfSubscribersIsToldWithItsName) {
  environment_.max_subscribers = 1;
  grpc::ClientContext first_context;
  Reader first = Subscribe(first_context, Request());
  Read(first);
  grpc::ClientContext context;
  Reader second = Subscribe(context, Request());
  v1::SubscribeResponse response;
  EXPECT_FALSE(second->Read(&response));
  const grpc::Status status = second->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_NE(status.error_message().find("grpc.maxSubscribers"), std::string::npos);
  first_context.TryCancel();
  first->Finish();
}

TEST_F(SubscriberTest, ADisconnectedReaderIsForgottenAtOnce) {
  for (int i = 0; i < 50; ++i) {
    grpc::ClientContext context;
    Reader reader = Subscribe(context, Request());
    Read(reader);
    context.TryCancel();
    reader->Finish();
  }
  EXPECT_TRUE(NobodyIsLeft());
  EXPECT_EQ(log_->subscribers(), 0);
}

TEST_F(SubscriberTest, DrainingEndsWithRetry) {
  Append(5);
  grpc::ClientContext context;
  Reader reader = Subscribe(context, Request());
  Read(reader);
  log_->Close(ingest::CloseReason::kDraining);
  v1::SubscribeResponse last;
  v1::SubscribeResponse response;
  uint64_t records = 0;
  while (reader->Read(&response)) {
    records += static_cast<uint64_t>(response.records_size());
    last = response;
  }
  EXPECT_EQ(records, 5U);
  EXPECT_TRUE(last.notice().ending().retry());
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace inlet::rpc
