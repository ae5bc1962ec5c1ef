// ConnectionService behind a server of its own, on the parts of a service.
#ifndef INLET_TESTS_SERVICE_RPC_CONNECTION_SERVICE_FIXTURE_H_
#define INLET_TESTS_SERVICE_RPC_CONNECTION_SERVICE_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>

#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "service/rpc/connection_service.h"
#include "service/rpc/grpc_server.h"
#include "tests/fakes/fake_checker.h"
#include "tests/service/rpc/service_fixture.h"

namespace inlet::rpc {

class ConnectionServiceFixture : public testing::Test {
 protected:
  void SetUp() override {
    ConnectionService::Options options;
    options.loop = &parts_.loop;
    options.checker = &checker_;
    options.control = &control_;
    options.sources.find = [this](const std::string& name) { return parts_.registry.Get(name); };
    options.sources.plan = [this](const v1::CreateStreamRequest& request) { return parts_.Plan(request); };
    options.hold = [this](const ingest::StreamSpec& /*spec*/) { return hold_; };
    service_ = std::make_unique<ConnectionService>(std::move(options));
    auto server = GrpcServer::Start("127.0.0.1:0", *service_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::ConnectionService::NewStub(grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials()));
  }
  void TearDown() override { server_.reset(); }

  ServiceParts parts_;
  ingest::FakeChecker checker_{parts_.loop};
  service::ControlThread control_{{}};
  absl::StatusOr<ConnectionService::Lease> hold_ = ConnectionService::Lease();
  std::unique_ptr<ConnectionService> service_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<v1::ConnectionService::Stub> stub_;
};

}  // namespace inlet::rpc

#endif  // INLET_TESTS_SERVICE_RPC_CONNECTION_SERVICE_FIXTURE_H_
