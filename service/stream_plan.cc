// What a caller asked for, checked and completed: all that a registry needs to make the stream.
#include "service/stream_plan.h"

#include <chrono>
#include <string_view>
#include <utility>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/client_role_builder.h"
#include "service/config/input_fields.h"
#include "service/config/labels_check.h"
#include "service/config/redact.h"
#include "service/config/remote_address.h"
#include "service/config/setting_origin.h"
#include "service/config/settings_check.h"
#include "service/config/stream_spec_builder.h"
#include "service/definition_diff.h"
#include "service/schema_builder.h"
#include "service/statement_compiler.h"

namespace inlet::service {
namespace {

constexpr std::string_view kNothingToCreate =
    R"__(nothing says what to create: send a statement, {"sql": "CREATE STREAM demo () WITH (DATASOURCE='/api/data')"}, )__"
    R"__(or fields, {"stream": {"name": "demo", "datasource": "/api/data"}})__";

std::string DurationText(std::chrono::milliseconds time) {
  const bool whole = time.count() % 1000 == 0;
  return Concat({std::to_string(whole ? time.count() / 1000 : time.count()), whole ? "s" : "ms"});
}

// No error: who wants to close whoever is silent may set it so.
bool ClosesBeforePing(const ingest::ConnectionSettings& connection) {
  const bool both = connection.ping_interval.count() > 0 && connection.idle_timeout.count() > 0;
  return both && connection.idle_timeout <= connection.ping_interval;
}

// What was accepted and does nothing, or something that may surprise.
void AddWarnings(const v1::SourceSettings& effective, const ingest::ConnectionSettings& connection,
                 v1::Stream& definition) {
  const bool is_client = definition.role() == v1::Stream::CLIENT;
  const auto role = is_client ? config::SourceRole::kClient : config::SourceRole::kServer;
  for (std::string& warning : config::UnusedSettings(definition.settings(), role)) {
    definition.add_warnings(std::move(warning));
  }
  if (is_client && effective.scheme() == "wss" && effective.insecure_skip_verify()) {
    definition.add_warnings("insecureSkipVerify: the server's certificate is not checked, so anybody may answer");
  }
  if (ClosesBeforePing(connection)) {
    constexpr std::string_view kWhy =
        ": a peer with nothing to say is closed before it can answer a ping; make pingInterval shorter, or 0s if "
        "silence alone shall close";
    definition.add_warnings(Concat({"idleTimeout is ", DurationText(connection.idle_timeout), " and pingInterval ",
                                    DurationText(connection.ping_interval), kWhy}));
  }
}

// Checks the schema and spells it as it is shown, so that definitions that mean the same are equal.
absl::Status AdoptSchema(v1::Stream& definition, ingest::StreamSpec& spec) {
  absl::StatusOr<BuiltSchema> built = BuildSchema(definition.schema());
  if (!built.ok()) return built.status();
  spec.schema = std::move(built->schema);
  if (spec.schema == ingest::Schema()) {
    definition.clear_schema();
    return absl::OkStatus();
  }
  *definition.mutable_schema() = std::move(built->shown);
  for (std::string& warning : built->warnings) definition.add_warnings(std::move(warning));
  return absl::OkStatus();
}

absl::StatusOr<StreamPlan> Complete(v1::Stream definition, const std::string& settings_path,
                                    const config::ConfKeys& conf_keys, const PlanRules& rules) {
  absl::StatusOr<v1::SourceSettings> effective =
      conf_keys.Effective(definition.conf_key(), definition.settings(), settings_path);
  if (!effective.ok()) return effective.status();
  absl::Status status = config::CheckLabels(definition);
  if (status.ok()) status = config::AdoptUrl(definition, *effective);
  if (status.ok()) status = config::CheckTlsIsMeant(definition.settings(), *effective, settings_path);
  if (!status.ok()) return status;
  absl::StatusOr<ingest::StreamSpec> spec = config::BuildStreamSpec(
      definition, *effective, rules.retention, {rules.shown_query, rules.allow_proxy, settings_path});
  if (!spec.ok()) return config::NameOrigin(spec.status(), settings_path, definition, conf_keys);
  if (status = AdoptSchema(definition, *spec); !status.ok()) return status;
  definition.set_role(effective->addr().empty() ? v1::Stream::SERVER : v1::Stream::CLIENT);
  spec->record_origin = EffectiveRecordOrigin(definition);
  AddWarnings(*effective, spec->connection, definition);
  v1::Stream shown = config::RedactDefinition(definition, rules.shown_query);
  *shown.mutable_effective_settings() = config::RedactSettings(*effective);
  return StreamPlan{std::move(definition), std::move(shown), *std::move(spec)};
}

absl::StatusOr<StreamPlan> PlanStatement(const std::string& sql, const config::ConfKeys& conf_keys,
                                         const PlanRules& rules) {
  const absl::StatusOr<CompiledStatement> statement = CompileStatement(sql, rules.shown_query);
  if (!statement.ok()) return statement.status();
  absl::StatusOr<StreamPlan> plan = Complete(statement->definition, "EXTRA", conf_keys, rules);
  if (!plan.ok()) return AtPlace(plan.status(), *statement);
  return plan;
}

// Where an addr comes from that the stream does not say itself.
std::string KeysOf(const std::string& conf_key) {
  const bool is_default = conf_key.empty() || conf_key == "default";
  return is_default ? "the conf key \"default\"" : Concat({"the conf key \"", conf_key, "\" or \"default\""});
}

// What makes it dial, and what to do about that.
std::string DialHint(const v1::Stream& definition) {
  if (config::IsRemoteUrl(definition.datasource())) return "its datasource is a URL: give it a path";
  if (!definition.settings().addr().empty()) return "its settings have an addr: take it out of them";
  return Concat({"there is an addr: take it out of ", KeysOf(definition.conf_key()),
                 ", or set addr to \"\" in the stream's settings"});
}

std::string RoleHint(v1::Stream::Role kept, const v1::Stream& definition) {
  if (kept == v1::Stream::CLIENT) {
    return Concat(
        {"it was created in the client role, and would get the server role, for nothing says which addr to "
         "dial: set addr again, in ",
         KeysOf(definition.conf_key()), " or in the stream's settings"});
  }
  return Concat({"it was created in the server role, and would get the client role, for ", DialHint(definition)});
}

}  // namespace

absl::Status CheckRole(v1::Stream::Role kept, const StreamPlan& plan) {
  if (kept == plan.definition.role() || kept == v1::Stream::ROLE_UNSPECIFIED) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   Concat({RoleHint(kept, plan.definition), "; or delete the stream and create it again"}),
                   {"ROLE_CHANGE", {}, "", {}});
}

absl::StatusOr<StreamPlan> PlanStream(const v1::CreateStreamRequest& request, const config::ConfKeys& conf_keys,
                                      const PlanRules& rules) {
  switch (request.definition_case()) {
    case v1::CreateStreamRequest::kSql:
      return PlanStatement(request.sql(), conf_keys, rules);
    case v1::CreateStreamRequest::kStream:
      return Complete(config::InputFieldsOf(request.stream()), "stream.settings", conf_keys, rules);
    default:
      return FieldInvalid("definition", kNothingToCreate);
  }
}

absl::StatusOr<StreamPlan> PlanKept(const v1::Stream& definition, const config::ConfKeys& conf_keys,
                                    const PlanRules& rules) {
  absl::StatusOr<StreamPlan> plan = Complete(config::InputFieldsOf(definition), "stream.settings", conf_keys, rules);
  if (!plan.ok()) return plan;
  if (absl::Status role = CheckRole(definition.role(), *plan); !role.ok()) return role;
  plan->definition.set_sql(definition.sql());
  plan->shown.set_sql(definition.sql());
  return plan;
}

}  // namespace inlet::service
