// What a CheckConnection call is about: one of four ways to say it, made into a spec.
#include "service/check_target.h"

#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ingest/error.h"
#include "ingest/text.h"

namespace inlet::service {
namespace {

// A stream that is never made needs a name only where the path follows from it.
constexpr std::string_view kPlaceholder = "check";

constexpr std::string_view kNothingToCheck =
    R"__(nothing says what to check: send {"stream": "NAME"}, {"datasource": "wss://host/path"}, )__"
    R"__({"conf_key": "KEY", "datasource": "/path"}, {"definition": {...}} or {"sql": "CREATE STREAM ..."})__";

bool HasLooseFields(const v1::CheckConnectionRequest& request) {
  return !request.conf_key().empty() || !request.datasource().empty() || request.has_settings();
}

std::vector<std::string_view> Given(const v1::CheckConnectionRequest& request) {
  std::vector<std::string_view> given;
  if (!request.stream().empty()) given.emplace_back("stream");
  if (request.has_definition()) given.emplace_back("definition");
  if (!request.sql().empty()) given.emplace_back("sql");
  if (HasLooseFields(request)) {
    given.emplace_back(!request.datasource().empty() ? "datasource" : request.has_settings() ? "settings" : "conf_key");
  }
  return given;
}

absl::Status CheckOneIsGiven(const std::vector<std::string_view>& given) {
  if (given.empty()) return FieldInvalid("datasource", kNothingToCheck);
  if (given.size() == 1) return absl::OkStatus();
  constexpr std::string_view kRule =
      " say what to check: send one of stream, definition, sql, and datasource with conf_key and settings";
  return FieldInvalid(given[1], Concat({"both ", given[0], " and ", given[1], kRule}));
}

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// An error about "stream.datasource", told about `prefix` and "datasource".
absl::Status Renamed(const absl::Status& status, std::string_view prefix) {
  constexpr std::string_view kStream = "stream.";
  ErrorDetail detail = GetErrorDetail(status);
  if (!detail.field.starts_with(kStream)) return status;
  const std::string field = Concat({prefix, std::string_view(detail.field).substr(kStream.size())});
  std::string message(status.message());
  ReplaceAll(message, detail.field, field);
  detail.SetField(field);
  return MakeError(status.code(), message, detail);
}

absl::StatusOr<CheckTarget> Plan(const v1::CreateStreamRequest& request, const CheckTargetSources& sources) {
  absl::StatusOr<StreamPlan> plan = sources.plan(request);
  if (!plan.ok()) return plan.status();
  return CheckTarget{std::move(plan->spec), nullptr};
}

absl::StatusOr<CheckTarget> PlanFields(v1::Stream definition, std::string_view prefix,
                                       const CheckTargetSources& sources) {
  const bool path_is_missing = definition.name().empty() && definition.datasource().empty();
  if (definition.name().empty()) definition.set_name(std::string(kPlaceholder));
  v1::CreateStreamRequest request;
  *request.mutable_stream() = std::move(definition);
  absl::StatusOr<CheckTarget> target = Plan(request, sources);
  if (!target.ok()) return Renamed(target.status(), prefix);
  if (path_is_missing && std::holds_alternative<ingest::ServerRole>(target->spec.role)) {
    const std::string field = Concat({prefix, "datasource"});
    return FieldInvalid(field, Concat({field,
                                       ": is missing; without an addr in the settings this is a path of Inlet's own "
                                       "server, such as /api/data"}));
  }
  return target;
}

v1::Stream LooseFields(const v1::CheckConnectionRequest& request) {
  v1::Stream definition;
  definition.set_conf_key(request.conf_key());
  definition.set_datasource(request.datasource());
  if (request.has_settings()) *definition.mutable_settings() = request.settings();
  return definition;
}

absl::StatusOr<CheckTarget> PlanUnstarted(const v1::Stream& definition, const CheckTargetSources& sources) {
  v1::CreateStreamRequest kept;
  *kept.mutable_stream() = definition;
  absl::StatusOr<StreamPlan> plan = sources.plan(kept);
  if (!plan.ok()) return plan.status();
  if (absl::Status role = CheckRole(definition.role(), *plan); !role.ok()) return role;
  return CheckTarget{std::move(plan->spec), nullptr};
}

absl::StatusOr<CheckTarget> Existing(const std::string& name, const CheckTargetSources& sources) {
  absl::StatusOr<StreamEntryPtr> entry = sources.find(name);
  if (!entry.ok()) return entry.status();
  // What is kept and could not be planned at the start has no spec of its own yet.
  const PackedDefinition& definition = (*entry)->definition;
  if (!definition.Shown().has_effective_settings()) return PlanUnstarted(definition.Unpack(), sources);
  ingest::StreamSpec spec = *(*entry)->stream->spec();
  // Without a lease the check reads the secrets, and tells why they cannot be read.
  return CheckTarget{std::move(spec), LacksSecrets(**entry) ? nullptr : *std::move(entry)};
}

}  // namespace

absl::StatusOr<CheckTarget> ReadCheckTarget(const v1::CheckConnectionRequest& request,
                                            const CheckTargetSources& sources) {
  if (absl::Status one = CheckOneIsGiven(Given(request)); !one.ok()) return one;
  if (!request.stream().empty()) return Existing(request.stream(), sources);
  if (request.has_definition()) return PlanFields(request.definition(), "definition.", sources);
  if (request.sql().empty()) return PlanFields(LooseFields(request), "", sources);
  v1::CreateStreamRequest create;
  create.set_sql(request.sql());
  return Plan(create, sources);
}

}  // namespace inlet::service
