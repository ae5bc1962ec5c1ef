// The server around the service: address, health, reflection.
#include "service/rpc/grpc_server.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "ingest/error.h"
#include "inlet/v1/inlet.grpc.pb.h"

namespace inlet::rpc {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using testing::HasSubstr;

using Stub = grpc::TemplatedGenericStub<HealthCheckRequest, HealthCheckResponse>;

HealthCheckResponse::ServingStatus Health(Stub& stub, const std::string& service) {
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  HealthCheckRequest request;
  request.set_service(service);
  HealthCheckResponse response;
  grpc::Status status;
  const auto call = stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", request, &queue);
  call->StartCall();
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return status.error_code() == grpc::StatusCode::NOT_FOUND ? HealthCheckResponse::SERVICE_UNKNOWN : response.status();
}

HealthCheckResponse::ServingStatus Health(const std::string& address, const std::string& service) {
  Stub stub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  return Health(stub, service);
}

TEST(GrpcServer, TellsThePortThatItGot) {
  v1::StreamService::Service service;
  const auto server = GrpcServer::Start("127.0.0.1:0", service);
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_THAT((*server)->address(), testing::MatchesRegex("127\\.0\\.0\\.1:[1-9][0-9]*"));
}

TEST(GrpcServer, ASecondOneOnThePortIsToldWhyNot) {
  v1::StreamService::Service service;
  const auto first = GrpcServer::Start("127.0.0.1:0", service);
  ASSERT_TRUE(first.ok()) << first.status();
  v1::StreamService::Service other;
  const auto second = GrpcServer::Start((*first)->address(), other);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(second.status()).reason, "ADDRESS_UNAVAILABLE");
  EXPECT_THAT(std::string(second.status().message()), HasSubstr((*first)->address() + ": Address already in use"));
}

TEST(GrpcServer, AnAddressOfAnotherMachineIsToldWhyNot) {
  v1::StreamService::Service service;
  const auto server = GrpcServer::Start("192.0.2.1:0", service);
  ASSERT_FALSE(server.ok());
  EXPECT_THAT(std::string(server.status().message()), HasSubstr("192.0.2.1:0: Cannot assign requested address"));
}

TEST(GrpcServer, HealthFollowsTheService) {
  v1::StreamService::Service service;
  const auto server = GrpcServer::Start("127.0.0.1:0", service);
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string& address = (*server)->address();
  EXPECT_EQ(Health(address, ""), HealthCheckResponse::SERVING);
  EXPECT_EQ(Health(address, "inlet.v1.StreamService"), HealthCheckResponse::SERVING);
  EXPECT_EQ(Health(address, "nobody"), HealthCheckResponse::SERVICE_UNKNOWN);
  (*server)->SetNotServing();
  EXPECT_EQ(Health(address, ""), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(Health(address, "inlet.v1.StreamService"), HealthCheckResponse::NOT_SERVING);
}

// gRPC's callback threads doze from 1.0 to 1.1 s after the last event, unless something wakes them.
TEST(GrpcServer, ACallAfterASecondOfSilenceIsNotHeldBack) {
  v1::StreamService::Service service;
  const auto server = GrpcServer::Start("127.0.0.1:0", service);
  ASSERT_TRUE(server.ok()) << server.status();
  Stub stub(grpc::CreateChannel((*server)->address(), grpc::InsecureChannelCredentials()));
  auto fastest = std::chrono::steady_clock::duration::max();
  for (int i = 0; i < 4; ++i) {
    if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1040));
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(Health(stub, ""), HealthCheckResponse::SERVING);
    if (i > 0) fastest = std::min(fastest, std::chrono::steady_clock::now() - begin);
  }
  EXPECT_LT(fastest, std::chrono::milliseconds(25));
}

TEST(GrpcServer, ReflectionKnowsWhatIsServedAndSent) {
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  for (const char* symbol : {"inlet.v1.StreamService", "grpc.health.v1.Health", "google.rpc.ErrorInfo",
                             "google.rpc.BadRequest", "google.rpc.RetryInfo"}) {
    EXPECT_NE(pool->FindFileContainingSymbol(symbol), nullptr) << symbol;
  }
}

TEST(GrpcServer, ShutdownEndsOpenCallsWhenPatienceIsOver) {
  v1::StreamService::Service service;
  const auto server = GrpcServer::Start("127.0.0.1:0", service);
  ASSERT_TRUE(server.ok()) << server.status();
  (*server)->Shutdown(std::chrono::milliseconds(0));
  (*server)->Shutdown(std::chrono::milliseconds(0));
  const auto channel = grpc::CreateChannel((*server)->address(), grpc::InsecureChannelCredentials());
  grpc::ClientContext context;
  v1::Stream answer;
  EXPECT_EQ(v1::StreamService::NewStub(channel)->GetStream(&context, {}, &answer).error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace inlet::rpc
