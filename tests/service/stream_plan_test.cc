// What a request becomes before a stream is made of it.
#include "service/stream_plan.h"

#include <string>
#include <variant>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest/error.h"
#include "service/definition_diff.h"

namespace inlet::service {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

absl::StatusOr<StreamPlan> Plan(const v1::CreateStreamRequest& request, const config::ConfKeys& conf_keys = {}) {
  return PlanStream(request, conf_keys, {});
}

v1::CreateStreamRequest Sql(const std::string& sql) {
  v1::CreateStreamRequest request;
  request.set_sql(sql);
  return request;
}

config::ConfKeys WithDefaultAddr(const std::string& addr) {
  config::ConfKeys conf_keys;
  v1::SourceSettings settings;
  settings.set_addr(addr);
  EXPECT_TRUE(conf_keys.Set("default", settings, "websocket.yaml:1").ok());
  return conf_keys;
}

TEST(StreamPlan, StatementAndFieldsGiveTheSame) {
  v1::CreateStreamRequest fields;
  fields.mutable_stream()->set_name("demo");
  fields.mutable_stream()->set_datasource("/api/data");
  fields.mutable_stream()->mutable_retention()->set_max_records(5);
  const auto of_fields = Plan(fields);
  const auto of_sql = Plan(Sql(R"(CREATE STREAM demo () WITH (DATASOURCE="/api/data", RETAIN_SIZE="5"))"));
  ASSERT_TRUE(of_fields.ok()) << of_fields.status();
  ASSERT_TRUE(of_sql.ok()) << of_sql.status();
  for (const auto& plan : {*of_fields, *of_sql}) {
    EXPECT_EQ(plan.spec.name, "demo");
    EXPECT_EQ(std::get<ingest::ServerRole>(plan.spec.role).path, "/api/data");
    EXPECT_EQ(plan.spec.retention.max_records, 5U);
    EXPECT_EQ(plan.definition.role(), v1::Stream::SERVER);
    EXPECT_EQ(plan.shown.effective_settings().max_message_bytes(), ingest::kDefaultMaxMessageBytes);
  }
}

TEST(StreamPlan, StatementAndFieldsGiveTheSameSchema) {
  v1::CreateStreamRequest fields;
  fields.mutable_stream()->set_name("demo");
  v1::Schema& schema = *fields.mutable_stream()->mutable_schema();
  v1::Column& id = *schema.add_columns();
  id.set_name("id");
  id.set_type("bigint");
  id.mutable_default_value()->set_string_value("7");
  v1::Column& at = *schema.add_columns();
  at.set_name("at");
  at.set_type("Datetime");
  schema.set_timestamp("at");
  const auto of_fields = Plan(fields);
  const auto of_sql = Plan(Sql(R"(CREATE STREAM demo (id BIGINT DEFAULT 7, at DATETIME) WITH (TIMESTAMP="at"))"));
  ASSERT_TRUE(of_fields.ok()) << of_fields.status();
  ASSERT_TRUE(of_sql.ok()) << of_sql.status();
  EXPECT_EQ(of_fields->spec.schema.columns.size(), 2U);
  EXPECT_EQ(of_fields->spec.schema, of_sql->spec.schema);
  EXPECT_THAT(DifferingFields(of_fields->definition, of_sql->definition), testing::IsEmpty());
  EXPECT_EQ(of_fields->shown.schema().columns(1).type(), "DATETIME");
}

TEST(StreamPlan, AFaultOfTheSchemaIsToldInTheCallersWords) {
  const auto of_sql = Plan(Sql("CREATE STREAM demo (a DATETIME DEFAULT \"x\") WITH ()"));
  EXPECT_EQ(std::string(of_sql.status().message()),
            "line 1, column 21: column \"a\": the default is no time: write milliseconds since 1970, or as "
            "2026-11-29T14:17:02Z");
  EXPECT_EQ(GetErrorDetail(of_sql.status()).field, "sql");
  v1::CreateStreamRequest fields;
  fields.mutable_stream()->set_name("demo");
  fields.mutable_stream()->mutable_schema()->set_timestamp_format("yyyy");
  EXPECT_EQ(GetErrorDetail(Plan(fields).status()).field, "stream.schema.timestampFormat");
}

TEST(StreamPlan, ASchemaThatAsksForNothingIsNone) {
  const auto plan = Plan(Sql("CREATE STREAM demo () WITH (STRICT_VALIDATION=\"false\")"));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_FALSE(plan->definition.has_schema());
  const auto strict = Plan(Sql("CREATE STREAM demo () WITH (STRICT_VALIDATION=\"true\")"));
  ASSERT_TRUE(strict.ok()) << strict.status();
  EXPECT_TRUE(strict->definition.schema().strict());
  EXPECT_THAT(strict->shown.warnings(), testing::ElementsAre(StartsWith("strict validation has no effect")));
}

TEST(StreamPlan, WithoutDatasourceThePathIsTheName) {
  const auto plan = Plan(Sql(R"(CREATE STREAM websocketDemo() WITH (FORMAT="json", TYPE="websocket"))"));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(std::get<ingest::ServerRole>(plan->spec.role).path, "/websocketDemo");
}

TEST(StreamPlan, OutputOnlyFieldsOfTheInputAreIgnored) {
  v1::CreateStreamRequest request;
  request.mutable_stream()->set_name("demo");
  request.mutable_stream()->set_sql("nonsense");
  request.mutable_stream()->set_role(v1::Stream::CLIENT);
  request.mutable_stream()->add_warnings("old");
  request.mutable_stream()->mutable_status()->set_records(7);
  const auto plan = Plan(request);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->definition.sql(), "");
  EXPECT_EQ(plan->definition.role(), v1::Stream::SERVER);
  EXPECT_FALSE(plan->definition.has_status());
  EXPECT_EQ(plan->definition.warnings_size(), 0);
}

TEST(StreamPlan, NeitherStatementNorFieldsTellsWhatToSend) {
  const auto plan = Plan({});
  EXPECT_EQ(GetErrorDetail(plan.status()).reason, "FIELD_INVALID");
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr("CREATE STREAM demo ()"));
}

TEST(StreamPlan, AnAddressOfTheConfKeyIsTheClientRole) {
  const auto plan =
      Plan(Sql(R"(CREATE STREAM demo'() with(CONF_KEY="default", datasource="/api/data", type="websocket")')"),
           WithDefaultAddr("127.0.0.1:8080"));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->definition.role(), v1::Stream::CLIENT);
  EXPECT_EQ(std::get<ingest::ClientRole>(plan->spec.role).url, "ws://127.0.0.1:8080/api/data");
}

TEST(StreamPlan, AnEmptyAddressIsTheServerRole) {
  const auto plan =
      Plan(Sql(R"(CREATE STREAM demo'() with(CONF_KEY="default", datasource="/api/data", type="websocket")')"),
           WithDefaultAddr(""));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->definition.role(), v1::Stream::SERVER);
}

TEST(StreamPlan, AStreamThatIsKeptHasNoPlanInTheOtherRole) {
  v1::Stream kept;
  kept.set_name("demo");
  EXPECT_EQ(PlanKept(kept, WithDefaultAddr("127.0.0.1:8080"), {})->definition.role(), v1::Stream::CLIENT);
  kept.set_role(v1::Stream::SERVER);
  EXPECT_TRUE(PlanKept(kept, WithDefaultAddr(""), {}).ok());
  const absl::Status status = PlanKept(kept, WithDefaultAddr("127.0.0.1:8080"), {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(status).reason, "ROLE_CHANGE");
  EXPECT_THAT(std::string(status.message()), HasSubstr("take it out of the conf key \"default\""));
}

TEST(StreamPlan, AChangeOfRoleSaysWhatMakesTheStreamDial) {
  v1::Stream kept;
  kept.set_name("demo");
  kept.set_role(v1::Stream::SERVER);
  v1::Stream with_addr = kept;
  with_addr.mutable_settings()->set_addr("h");
  v1::Stream with_url = kept;
  with_url.set_datasource("ws://h");
  const auto message = [](const v1::Stream& stream) {
    return std::string(PlanKept(stream, config::ConfKeys(), {}).status().message());
  };
  EXPECT_THAT(message(with_addr), HasSubstr("its settings have an addr: take it out of them"));
  EXPECT_THAT(message(with_url), HasSubstr("its datasource is a URL"));
  EXPECT_THAT(message(with_addr), Not(HasSubstr("conf key")));
}

TEST(StreamPlan, ErrorsOfAStatementKeepTheirPlace) {
  const auto plan = Plan(Sql("CREATE STREAM demo () WITH (\n  DATASOURCE=\"no-slash\")"));
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(plan.status().message()), StartsWith("line 2, column 14: "));
  EXPECT_EQ(GetErrorDetail(plan.status()).field, "sql");
}

TEST(StreamPlan, RecordsSayWhoSentThemWhereThePathHasVariables) {
  v1::CreateStreamRequest request;
  v1::Stream& stream = *request.mutable_stream();
  stream.set_name("demo");
  stream.set_datasource("/devices/{id}");
  EXPECT_TRUE(Plan(request)->spec.record_origin);
  EXPECT_FALSE(Plan(request)->shown.has_record_origin()) << "what is read back is what was written";
  EXPECT_FALSE(Plan(request)->definition.has_record_origin()) << "what was not given is not kept";
  stream.set_record_origin(false);
  EXPECT_FALSE(Plan(request)->spec.record_origin);
  stream.set_datasource("/devices");
  stream.clear_record_origin();
  EXPECT_FALSE(Plan(request)->spec.record_origin);
  stream.set_record_origin(true);
  EXPECT_TRUE(Plan(request)->spec.record_origin);
}

TEST(StreamPlan, AnUnknownConfKeyKeepsItsPlace) {
  const auto plan = Plan(Sql("CREATE STREAM demo () WITH (CONF_KEY=\"defalt\")"));
  EXPECT_EQ(GetErrorDetail(plan.status()).reason, "CONF_KEY_UNKNOWN") << plan.status();
  EXPECT_THAT(std::string(plan.status().message()), StartsWith("line 1, column 38: "));
}

}  // namespace
}  // namespace inlet::service
