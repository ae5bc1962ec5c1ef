// The contract's ConfKeyService: takes calls, hands changes to the control thread, and answers.
#ifndef INLET_SERVICE_RPC_CONF_KEY_SERVICE_H_
#define INLET_SERVICE_RPC_CONF_KEY_SERVICE_H_

#include "grpcpp/grpcpp.h"
#include "inlet/v1/inlet.grpc.pb.h"
#include "service/conf_key_registry.h"
#include "service/control_thread.h"

namespace inlet::rpc {

using ConfKeyServiceBase = v1::ConfKeyService::WithCallbackMethod_ListConfKeys<
    v1::ConfKeyService::WithCallbackMethod_GetConfKey<v1::ConfKeyService::WithCallbackMethod_PutConfKey<
        v1::ConfKeyService::WithCallbackMethod_DeleteConfKey<v1::ConfKeyService::Service>>>>;

// Its methods run on gRPC's threads and never block. Must outlive the server.
class ConfKeyService final : public ConfKeyServiceBase {
 public:
  struct Options {
    // Both outlive the service.
    service::ConfKeyRegistry* registry = nullptr;
    service::ControlThread* control = nullptr;
    service::NextStreams next_streams;  // any thread
  };

  explicit ConfKeyService(Options options);

  grpc::ServerUnaryReactor* ListConfKeys(grpc::CallbackServerContext* context, const v1::ListConfKeysRequest* request,
                                         v1::ListConfKeysResponse* response) override;
  grpc::ServerUnaryReactor* GetConfKey(grpc::CallbackServerContext* context, const v1::GetConfKeyRequest* request,
                                       v1::ConfKey* response) override;
  grpc::ServerUnaryReactor* PutConfKey(grpc::CallbackServerContext* context, const v1::PutConfKeyRequest* request,
                                       v1::PutConfKeyResponse* response) override;
  grpc::ServerUnaryReactor* DeleteConfKey(grpc::CallbackServerContext* context, const v1::DeleteConfKeyRequest* request,
                                          v1::DeleteConfKeyResponse* response) override;

 private:
  absl::Status Put(const v1::PutConfKeyRequest& request, v1::PutConfKeyResponse& response) const;

  const Options options_;
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_CONF_KEY_SERVICE_H_
