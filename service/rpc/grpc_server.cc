// The gRPC server: one address, our services, health and reflection.
#include "service/rpc/grpc_server.h"

#include <utility>

#include "absl/synchronization/mutex.h"
#include "google/rpc/error_details.pb.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "ingest/error.h"
#include "ingest/text.h"
#include "inlet/v1/inlet.grpc.pb.h"
#include "service/rpc/grpc_log.h"

namespace inlet::rpc {
namespace {

constexpr int kMaxRequestBytes = 4 << 20;
// Clients may ping every 10 s; a little less, so that one whose clock runs fast is not cut off.
constexpr int kMinClientPingMs = 9'000;
// Peers that have vanished are noticed also while there is nothing to send them.
constexpr int kServerPingMs = 60'000;
constexpr int kServerPingTimeoutMs = 20'000;

// Their descriptors are in the program because something uses them.
bool DescribeForReflection() {
  return google::rpc::ErrorInfo::descriptor() != nullptr &&
         grpc::health::v1::HealthCheckRequest::descriptor() != nullptr;
}

// What is set for the process, before its first server.
void PrepareOnce() {
  static const bool done = [] {
    RedirectGrpcLog();
    // Debian's abseil looks for deadlocks at each of gRPC's locks, under one lock for all of them.
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return DescribeForReflection();
  }();
  static_cast<void>(done);
}

void Configure(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // else two services would share the port, and the calls
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinClientPingMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kServerPingMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kServerPingTimeoutMs);
}

absl::Status CannotListen(const std::string& address, const std::string& reason) {
  const std::string why = reason.empty() ? std::string("it is in use, or not an address of this machine") : reason;
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   Concat({"cannot listen for gRPC on ", address, ": ", why,
                           ". Does another inletd run? Set grpc.address, or INLET__GRPC__ADDRESS=host:port"}),
                   {"ADDRESS_UNAVAILABLE", {{"address", address}, {"errno", reason}}, "", {}});
}

std::string WithPort(const std::string& address, int port) {
  const size_t colon = address.rfind(':');
  return colon == std::string::npos || !address.ends_with(":0")
             ? address
             : Concat({address.substr(0, colon), ":", std::to_string(port)});
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(const std::string& address, grpc::Service& service,
                                                              const std::vector<grpc::Service*>& more) {
  PrepareOnce();
  grpc::ServerBuilder builder;
  Configure(builder);
  int port = 0;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  for (grpc::Service* one : more) builder.RegisterService(one);
  const GrpcErrorWatch watch;
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server || port == 0) return CannotListen(address, watch.os_error());
  server->GetHealthCheckService()->SetServingStatus(v1::StreamService::service_full_name(), true);
  if (!more.empty()) {
    server->GetHealthCheckService()->SetServingStatus(v1::ConnectionService::service_full_name(), true);
    server->GetHealthCheckService()->SetServingStatus(v1::ConfKeyService::service_full_name(), true);
  }
  return std::unique_ptr<GrpcServer>(new GrpcServer(std::move(server), WithPort(address, port)));
}

GrpcServer::GrpcServer(std::unique_ptr<grpc::Server> server, std::string address)
    : server_(std::move(server)), address_(std::move(address)) {}

GrpcServer::~GrpcServer() { Shutdown(std::chrono::milliseconds(0)); }

void GrpcServer::SetNotServing() { server_->GetHealthCheckService()->SetServingStatus(false); }

void GrpcServer::Shutdown(std::chrono::milliseconds patience) {
  server_->Shutdown(std::chrono::system_clock::now() + patience);
  server_->Wait();
}

}  // namespace inlet::rpc
