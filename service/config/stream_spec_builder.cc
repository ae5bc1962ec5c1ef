// Turns a stream's definition and its effective settings into the plain values that the data plane runs on.
#include "service/config/stream_spec_builder.h"

#include <chrono>
#include <string>

#include "google/protobuf/util/time_util.h"
#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/datasource_path.h"
#include "service/config/limits.h"
#include "service/config/names.h"
#include "service/config/scalars.h"
#include "service/config/unknown_fields.h"

namespace inlet::config {
namespace {

absl::Status CheckMaxBytes(uint64_t bytes) {
  if (bytes >= kLeastRetentionBytes && bytes <= kMostRetentionBytes) return absl::OkStatus();
  const std::string_view zero = bytes == 0 ? " (0 for no limit is not supported: a log must have a bound)" : "";
  return FieldInvalid("stream.retention.maxBytes",
                      Concat({"stream.retention.maxBytes: must be from 65536 (64 KiB) to 1099511627776 (1 TiB), found ",
                              std::to_string(bytes), zero}));
}

absl::StatusOr<std::chrono::nanoseconds> ReadMaxAge(const google::protobuf::Duration& age) {
  constexpr int32_t kBillion = 1'000'000'000;
  const bool is_valid = age.seconds() >= 0 && age.nanos() >= 0 && age.nanos() < kBillion;
  if (is_valid && age.seconds() < kLongestDuration.count()) {
    return std::chrono::seconds(age.seconds()) + std::chrono::nanoseconds(age.nanos());
  }
  return FieldInvalid(
      "stream.retention.maxAge",
      "stream.retention.maxAge: must be a duration from 0s (no limit by age) to ten years, such as 3600s");
}

absl::StatusOr<ingest::RetentionLimits> BuildRetention(const v1::Retention& retention, ingest::RetentionLimits limits) {
  absl::Status status = RefuseUnknownFields(retention, "stream.retention");
  if (status.ok() && retention.has_max_bytes()) status = CheckMaxBytes(retention.max_bytes());
  if (!status.ok()) return status;
  if (retention.has_max_bytes()) limits.max_bytes = retention.max_bytes();
  if (retention.has_max_records()) limits.max_records = retention.max_records();
  if (!retention.has_max_age()) return limits;
  const auto age = ReadMaxAge(retention.max_age());
  if (!age.ok()) return age.status();
  limits.max_age = *age;
  return limits;
}

std::chrono::milliseconds Milliseconds(const google::protobuf::Duration& duration) {
  return std::chrono::milliseconds(google::protobuf::util::TimeUtil::DurationToMilliseconds(duration));
}

absl::Status CheckPlaceholder(const v1::Stream& definition) {
  if (definition.datasource().find(kRedacted) == std::string::npos) return absl::OkStatus();
  return FieldInvalid("stream.datasource", Concat({"stream.datasource: ", kRedacted,
                                                   " stands for a secret that was hidden, and there is none to keep "
                                                   "here: write the value"}));
}

// What both roles have.
void SetCommon(const v1::SourceSettings& effective, ingest::StreamSpec& spec) {
  ingest::ConnectionSettings& connection = spec.connection;
  if (effective.has_ping_interval()) connection.ping_interval = Milliseconds(effective.ping_interval());
  if (effective.has_idle_timeout()) connection.idle_timeout = Milliseconds(effective.idle_timeout());
  connection.subprotocols.assign(effective.subprotocols().begin(), effective.subprotocols().end());
  spec.max_message_bytes = effective.max_message_bytes();
  spec.ignore.assign(effective.ignore().begin(), effective.ignore().end());
  spec.record_timeout = Milliseconds(effective.record_timeout());
  spec.reconnect_when_stalled = effective.reconnect_when_stalled();
}

absl::StatusOr<ingest::ServerRole> BuildServerRole(const v1::Stream& definition, const v1::SourceSettings& effective) {
  const bool has_path = !definition.datasource().empty();
  ingest::ServerRole role{has_path ? definition.datasource() : Concat({"/", definition.name()})};
  if (absl::Status status = CheckDatasource(role.path, "stream.datasource"); !status.ok()) return status;
  role.bearer_tokens.assign(effective.bearer_tokens().begin(), effective.bearer_tokens().end());
  role.allowed_origins.assign(effective.allowed_origins().begin(), effective.allowed_origins().end());
  role.max_connections = effective.max_connections();
  return role;
}

absl::Status SetRole(const v1::Stream& definition, const v1::SourceSettings& effective, const ClientRules& rules,
                     ingest::StreamSpec& spec) {
  if (effective.addr().empty()) {
    auto role = BuildServerRole(definition, effective);
    if (!role.ok()) return role.status();
    spec.role = *std::move(role);
    return absl::OkStatus();
  }
  auto role = BuildClientRole(definition, effective, rules, spec.connection);
  if (!role.ok()) return role.status();
  spec.role = *std::move(role);
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckStreamName(std::string_view name, std::string_view field) {
  if (IsName(name)) return absl::OkStatus();
  const std::string found = name.empty() ? "is missing" : Concat({Shown(name), " is no name"});
  return FieldInvalid(field, Concat({field, ": ", found, "; a letter, then at most 62 letters, digits, _ or -"}));
}

absl::StatusOr<ingest::StreamSpec> BuildStreamSpec(const v1::Stream& definition, const v1::SourceSettings& effective,
                                                   const ingest::RetentionLimits& defaults, const ClientRules& rules) {
  ingest::StreamSpec spec;
  spec.name = definition.name();
  absl::Status status = RefuseUnknownFields(definition, "stream");
  if (status.ok()) status = CheckStreamName(definition.name(), "stream.name");
  if (status.ok()) status = CheckPlaceholder(definition);
  if (!status.ok()) return status;
  SetCommon(effective, spec);
  if (status = SetRole(definition, effective, rules, spec); !status.ok()) return status;
  auto retention = BuildRetention(definition.retention(), defaults);
  if (!retention.ok()) return retention.status();
  spec.retention = *retention;
  return spec;
}

}  // namespace inlet::config
