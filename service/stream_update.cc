// UpdateStream: from what a caller sends to what the stream becomes.
#include "service/stream_update.h"

#include <string>
#include <utility>

#include "google/protobuf/util/message_differencer.h"
#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/input_fields.h"
#include "service/config/kept_datasource.h"
#include "service/config/kept_secrets.h"
#include "service/config/redact.h"
#include "service/definition_diff.h"
#include "service/update_mask.h"

namespace inlet::service {
namespace {

constexpr std::string_view kSettings = "stream.settings";

absl::StatusOr<StreamEntryPtr> Upsert(StreamRegistry& registry, const PlanRequest& plan,
                                      const v1::UpdateStreamRequest& request) {
  const std::string& name = request.stream().name();
  if (!request.allow_missing()) return registry.Unknown(name);
  if (!request.stream().etag().empty()) {
    return MakeError(absl::StatusCode::kAborted,
                     Concat({"stream \"", name,
                             "\" has been deleted since that etag was read: leave the etag out to "
                             "create it again"}),
                     {"ETAG_MISMATCH", {{"etag", ""}}, "", {}});
  }
  v1::CreateStreamRequest create;
  *create.mutable_stream() = request.stream();
  absl::StatusOr<StreamPlan> planned = plan(create);
  if (!planned.ok()) return planned.status();
  return registry.Create(*std::move(planned), {.validate_only = request.validate_only()});
}

absl::Status LeavesItsDestination(const v1::Stream& present, v1::Stream& merged) {
  absl::Status status = config::KeepSecrets(present.settings(), false, kSettings, *merged.mutable_settings());
  if (!status.ok()) return status;
  return FieldInvalid("stream.datasource",
                      "stream.datasource: the secret that is there is not kept when the server or the proxy changes: "
                      "write the value, or leave it out of a datasource of your own");
}

// What a stream says of itself about the place that it connects to.
bool SaysTheSamePlace(const v1::Stream& one, const v1::Stream& other) {
  return one.datasource() == other.datasource() && one.conf_key() == other.conf_key() &&
         config::IsSameDestination(one.settings(), other.settings());
}

// A change of role is refused elsewhere, whatever it keeps.
bool StaysInItsPlace(const StreamEntry& present, const StreamPlan& next) {
  const v1::Stream shown = present.definition.Shown();
  const bool never_ran = !shown.has_effective_settings();
  if (never_ran) return SaysTheSamePlace(present.definition.Unpack(), next.definition);
  return shown.role() != next.definition.role() ||
         config::IsSameDestination(shown.effective_settings(), next.shown.effective_settings());
}

// The plan of `merged`, with the secrets of `present` where it says <redacted>.
absl::StatusOr<StreamPlan> PlanKeeping(const StreamEntry& present, v1::Stream merged, const PlanRequest& plan,
                                       const config::QueryNames& shown_query) {
  const v1::Stream secret = present.definition.Unpack();
  v1::CreateStreamRequest request;
  v1::Stream& kept = *request.mutable_stream();
  kept = merged;
  if (kept.has_settings()) {
    absl::Status status = config::KeepSecrets(secret.settings(), true, kSettings, *kept.mutable_settings());
    if (!status.ok()) return status;
  }
  kept.set_datasource(config::KeepDatasource(secret.datasource(), shown_query, merged.datasource()));
  const bool has_kept = !google::protobuf::util::MessageDifferencer::Equals(kept, merged);
  absl::StatusOr<StreamPlan> planned = plan(request);
  if (!planned.ok() || !has_kept) return planned;
  if (!StaysInItsPlace(present, *planned)) return LeavesItsDestination(secret, merged);
  return planned;
}

// What is there as a caller may read it: to leave a secret out is to send back <redacted>.
v1::Stream ShownFieldsOf(const v1::Stream& definition, const config::QueryNames& shown_query) {
  return config::RedactDefinition(config::InputFieldsOf(definition), shown_query);
}

}  // namespace

absl::StatusOr<StreamEntryPtr> UpdateStream(StreamRegistry& registry, const PlanRequest& plan,
                                            const config::QueryNames& shown_query,
                                            const v1::UpdateStreamRequest& request) {
  const absl::StatusOr<StreamEntryPtr> entry = registry.Get(request.stream().name());
  if (!entry.ok()) return Upsert(registry, plan, request);
  const std::string& etag = request.stream().etag();
  if (absl::Status fits = CheckEtag(**entry, etag); !fits.ok()) return fits;
  absl::StatusOr<v1::Stream> merged = MergeUpdate(ShownFieldsOf((*entry)->definition.Unpack(), shown_query), request);
  if (!merged.ok()) return merged.status();
  const absl::StatusOr<StreamPlan> planned = PlanKeeping(**entry, *std::move(merged), plan, shown_query);
  if (!planned.ok()) return planned.status();
  return registry.Change(*planned, {.etag = etag, .validate_only = request.validate_only()});
}

}  // namespace inlet::service
