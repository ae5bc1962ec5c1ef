// The contract's ConfKeyService: takes calls, hands changes to the control thread, and answers.
#include "service/rpc/conf_key_service.h"

#include <algorithm>
#include <utility>

#include "ingest/error.h"
#include "service/rpc/conf_key_pages.h"
#include "service/rpc/control_call.h"

namespace inlet::rpc {
namespace {

constexpr int kMostReconnecting = 1000;

absl::Status CheckGiven(const std::string& name, std::string_view field) {
  return name.empty()
             ? FieldInvalid(field, R"(the name of a conf key is missing, such as "default"; ListConfKeys tells all)")
             : absl::OkStatus();
}

}  // namespace

ConfKeyService::ConfKeyService(Options options) : options_(std::move(options)) {}

grpc::ServerUnaryReactor* ConfKeyService::ListConfKeys(grpc::CallbackServerContext* context,
                                                       const v1::ListConfKeysRequest* request,
                                                       v1::ListConfKeysResponse* response) {
  absl::StatusOr<v1::ListConfKeysResponse> page =
      ListConfKeyPage(*request, *options_.registry->snapshot(), options_.next_streams);
  if (page.ok()) *response = *page;
  return FinishNow(context, page.status());
}

grpc::ServerUnaryReactor* ConfKeyService::GetConfKey(grpc::CallbackServerContext* context,
                                                     const v1::GetConfKeyRequest* request, v1::ConfKey* response) {
  if (absl::Status given = CheckGiven(request->name(), "name"); !given.ok()) return FinishNow(context, given);
  const service::ConfKeySnapshotPtr snapshot = options_.registry->snapshot();
  const auto found = snapshot->entries.find(request->name());
  if (found == snapshot->entries.end()) {
    return FinishNow(context, snapshot->settings.Unknown(request->name(), absl::StatusCode::kNotFound));
  }
  *response = ShowConfKey(found->second, *snapshot, options_.next_streams);
  return FinishNow(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* ConfKeyService::PutConfKey(grpc::CallbackServerContext* context,
                                                     const v1::PutConfKeyRequest* request,
                                                     v1::PutConfKeyResponse* response) {
  const absl::Status given = CheckGiven(request->conf_key().name(), "conf_key.name");
  if (!given.ok()) return FinishNow(context, given);
  return FinishAfter(context, *options_.control, [this, request, response] { return Put(*request, *response); });
}

grpc::ServerUnaryReactor* ConfKeyService::DeleteConfKey(grpc::CallbackServerContext* context,
                                                        const v1::DeleteConfKeyRequest* request,
                                                        v1::DeleteConfKeyResponse* /*response*/) {
  if (absl::Status given = CheckGiven(request->name(), "name"); !given.ok()) return FinishNow(context, given);
  return FinishAfter(context, *options_.control, [this, name = request->name(), etag = request->etag()] {
    return options_.registry->Delete(name, etag);
  });
}

absl::Status ConfKeyService::Put(const v1::PutConfKeyRequest& request, v1::PutConfKeyResponse& response) const {
  const v1::ConfKey& key = request.conf_key();
  auto changed = options_.registry->Put(key.name(), key.settings(), key.etag(), request.validate_only());
  if (!changed.ok()) return changed.status();
  *response.mutable_conf_key() = ShowConfKey(changed->entry, *options_.registry->snapshot(), options_.next_streams);
  if (request.validate_only()) {  // it has no etag yet
    response.mutable_conf_key()->clear_etag();
    response.mutable_conf_key()->clear_update_time();
  }
  std::sort(changed->reconnecting.begin(), changed->reconnecting.end());
  for (std::string& stream : changed->reconnecting) {
    if (response.reconnecting_streams_size() < kMostReconnecting) response.add_reconnecting_streams(std::move(stream));
  }
  return absl::OkStatus();
}

}  // namespace inlet::rpc
