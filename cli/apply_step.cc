// One step of apply.
#include "cli/apply_step.h"

#include "cli/definition.h"
#include "cli/field_path.h"
#include "cli/outcome_text.h"
#include "cli/service_error.h"
#include "ingest/text.h"
#include "service/config/input_fields.h"

namespace inlet::cli {
namespace {

// All fields of the stream as wanted.
v1::UpdateStreamRequest Replacement(const WantedStream& wanted, const std::string& etag, bool validate_only) {
  v1::UpdateStreamRequest request;
  *request.mutable_stream() = wanted.definition;
  request.mutable_stream()->set_etag(etag);
  request.mutable_update_mask()->add_paths("*");
  request.set_validate_only(validate_only);
  return request;
}

grpc::Status Update(const v1::UpdateStreamRequest& request, Client& client, v1::Stream& after) {
  return client.Call(client.streams(), &Client::Streams::UpdateStream, request, after);
}

v1::PutConfKeyRequest Put(const WantedConfKey& wanted, const std::string& etag, bool validate_only) {
  v1::PutConfKeyRequest request;
  *request.mutable_conf_key() = wanted.conf_key;
  request.mutable_conf_key()->set_etag(etag);
  request.set_validate_only(validate_only);
  return request;
}

grpc::Status PutKey(const v1::PutConfKeyRequest& request, Client& client, v1::ConfKey& after) {
  v1::PutConfKeyResponse response;
  grpc::Status status = client.Call(client.conf_keys(), &Client::ConfKeys::PutConfKey, request, response);
  after = response.conf_key();
  return status;
}

// An error of what builds on a conf key that is about to change says nothing yet.
grpc::Status Judged(const grpc::Status& status, bool builds_on_change, ApplyStep& step) {
  step.is_unchecked = !status.ok() && builds_on_change;
  return step.is_unchecked ? grpc::Status::OK : status;
}

grpc::Status PlanNewStream(const WantedStream& wanted, bool builds_on_change, Client& client, ApplyStep& step) {
  step.kind = StepKind::kCreate;
  v1::CreateStreamRequest request = wanted.creation;
  request.set_validate_only(true);
  v1::Stream made;
  return Judged(client.Create(request, made), builds_on_change, step);
}

// Whether the service has just what is wanted. The first look is for <redacted>, which no creation takes; the second
// for secrets that are written out, which only the service compares.
bool IsAsWanted(const WantedStream& wanted, const v1::Stream& present, Client& client) {
  if (DifferingPaths(config::InputFieldsOf(present), wanted.definition).empty()) return true;
  v1::CreateStreamRequest request = wanted.creation;
  request.set_validate_only(true);
  request.set_allow_existing(true);
  v1::Stream same;
  return client.Create(request, same).ok();
}

grpc::Status PlanChange(const WantedStream& wanted, const v1::Stream& present, bool builds_on_change, Client& client,
                        ApplyStep& step) {
  v1::Stream after;
  grpc::Status status = Update(Replacement(wanted, present.etag(), true), client, after);
  step.is_read_only = ReadServiceError(status).reason == "STREAM_READ_ONLY" && IsAsWanted(wanted, present, client);
  if (step.is_read_only) return grpc::Status::OK;
  if (!status.ok()) {
    step.kind = StepKind::kUpdate;
    return Judged(status, builds_on_change, step);
  }
  step.fields = DifferingPaths(config::InputFieldsOf(present), config::InputFieldsOf(after));
  step.kind = step.fields.empty() ? StepKind::kKeep : StepKind::kUpdate;
  step.secrets = WrittenSecrets(wanted.definition, config::InputFieldsOf(after));
  return status;
}

}  // namespace

grpc::Status PlanConfKey(const WantedConfKey& wanted, const std::set<std::string>& changing, Client& client,
                         ApplyStep& step) {
  v1::GetConfKeyRequest get;
  get.set_name(wanted.conf_key.name());
  v1::ConfKey present;
  grpc::Status status = client.Call(client.conf_keys(), &Client::ConfKeys::GetConfKey, get, present);
  const bool is_missing = ReadServiceError(status).reason == "CONF_KEY_UNKNOWN";
  if (!status.ok() && !is_missing) return status;
  v1::ConfKey after;
  status = PutKey(Put(wanted, present.etag(), true), client, after);
  // A section of the file is not changed, but hidden.
  const bool is_new = is_missing || present.layer() != v1::ConfKey::API;
  step.etag = present.etag();
  step.kind = is_new ? StepKind::kCreate : StepKind::kUpdate;
  if (!status.ok()) return Judged(status, changing.contains("default"), step);
  step.fields = DifferingPaths(present.settings(), after.settings());
  step.secrets = WrittenSecrets(wanted.conf_key.settings(), after.settings());
  if (is_new) {
    step.fields.clear();
  } else if (step.fields.empty()) {
    step.kind = StepKind::kKeep;
  }
  return status;
}

grpc::Status PlanStream(const WantedStream& wanted, const std::set<std::string>& changing, Client& client,
                        ApplyStep& step) {
  v1::Stream present;
  grpc::Status status = client.Get(wanted.definition.name(), present);
  const bool builds_on_change = changing.contains("default") || changing.contains(wanted.definition.conf_key());
  if (ReadServiceError(status).reason == "STREAM_UNKNOWN") {
    return PlanNewStream(wanted, builds_on_change, client, step);
  }
  if (!status.ok()) return status;
  step.etag = present.etag();
  return PlanChange(wanted, present, builds_on_change, client, step);
}

// A deletion cannot be tried; a change that changes nothing can. What else is wrong with it stops no deletion.
grpc::Status PlanRemoval(const v1::Stream& present, Client& client) {
  v1::UpdateStreamRequest request;
  request.mutable_stream()->set_name(present.name());
  request.mutable_stream()->set_description(present.description());
  request.mutable_update_mask()->add_paths("description");
  request.set_validate_only(true);
  v1::Stream after;
  grpc::Status status = Update(request, client, after);
  return ReadServiceError(status).reason == "STREAM_READ_ONLY" ? status : grpc::Status::OK;
}

grpc::Status DoConfKey(const WantedConfKey& wanted, Client& client, ApplyStep& step) {
  if (step.kind == StepKind::kKeep && step.secrets.empty()) return grpc::Status::OK;
  v1::ConfKey after;
  grpc::Status status = PutKey(Put(wanted, step.etag, false), client, after);
  if (status.ok() && step.kind == StepKind::kKeep && after.etag() != step.etag) step.kind = StepKind::kUpdate;
  return status;
}

grpc::Status DoStream(const WantedStream& wanted, Client& client, ApplyStep& step) {
  if (step.kind == StepKind::kKeep && step.secrets.empty()) return grpc::Status::OK;
  v1::Stream after;
  if (step.kind == StepKind::kCreate) return client.Create(wanted.creation, after);
  grpc::Status status = Update(Replacement(wanted, step.etag, false), client, after);
  if (status.ok()) step.kind = after.etag() == step.etag ? StepKind::kKeep : StepKind::kUpdate;
  return status;
}

std::string StepText(const ApplyStep& step, std::string_view what, std::string_view name, bool dry_run) {
  constexpr std::string_view kSigns = "+~=-";
  std::string text = Concat({kSigns.substr(static_cast<size_t>(step.kind), 1), " ", what, " ", name});
  if (step.kind == StepKind::kUpdate) text += ChangesText(step.fields, step.secrets, dry_run);
  if (step.is_read_only) text += " (a file of the service defines it, just so)";
  if (step.is_unchecked) text += " (to be checked when the conf key that it builds on has changed)";
  return text + "\n";
}

}  // namespace inlet::cli
