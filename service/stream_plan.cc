// What a caller asked for, checked and completed: all that a registry needs to make the stream.
#include "service/stream_plan.h"

#include <string_view>
#include <utility>

#include "ingest/error.h"
#include "service/config/redact.h"
#include "service/config/stream_spec_builder.h"
#include "service/statement_compiler.h"

namespace inlet::service {
namespace {

constexpr std::string_view kNothingToCreate =
    R"__(nothing says what to create: send a statement, {"sql": "CREATE STREAM demo () WITH (DATASOURCE='/api/data')"}, )__"
    R"__(or fields, {"stream": {"name": "demo", "datasource": "/api/data"}})__";

// What a caller may set.
v1::Stream InputFields(const v1::Stream& given) {
  v1::Stream input = given;
  input.clear_status();
  input.clear_create_time();
  input.clear_sql();
  input.clear_role();
  input.clear_effective_settings();
  input.clear_warnings();
  return input;
}

absl::StatusOr<StreamPlan> Complete(v1::Stream definition, std::string_view settings_path,
                                    const config::ConfKeys& conf_keys, const ingest::RetentionLimits& retention) {
  absl::StatusOr<v1::SourceSettings> effective =
      conf_keys.Effective(definition.conf_key(), definition.settings(), settings_path);
  if (!effective.ok()) return effective.status();
  absl::StatusOr<ingest::StreamSpec> spec = config::BuildStreamSpec(definition, *effective, retention);
  if (!spec.ok()) return spec.status();
  definition.set_role(v1::Stream::SERVER);
  *definition.mutable_effective_settings() = config::RedactSettings(*effective);
  return StreamPlan{std::move(definition), *std::move(spec)};
}

absl::StatusOr<StreamPlan> PlanStatement(const std::string& sql, const config::ConfKeys& conf_keys,
                                         const ingest::RetentionLimits& retention) {
  const absl::StatusOr<CompiledStatement> statement = CompileStatement(sql);
  if (!statement.ok()) return statement.status();
  absl::StatusOr<StreamPlan> plan = Complete(statement->definition, "EXTRA", conf_keys, retention);
  if (!plan.ok()) return AtPlace(plan.status(), *statement);
  return plan;
}

}  // namespace

absl::StatusOr<StreamPlan> PlanStream(const v1::CreateStreamRequest& request, const config::ConfKeys& conf_keys,
                                      const ingest::RetentionLimits& retention) {
  switch (request.definition_case()) {
    case v1::CreateStreamRequest::kSql:
      return PlanStatement(request.sql(), conf_keys, retention);
    case v1::CreateStreamRequest::kStream:
      return Complete(InputFields(request.stream()), "stream.settings", conf_keys, retention);
    default:
      return FieldInvalid("definition", kNothingToCreate);
  }
}

}  // namespace inlet::service
