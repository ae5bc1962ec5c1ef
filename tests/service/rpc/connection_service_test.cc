// The ConnectionService as a client sees it: a real server, checks that a test writes.
#include "service/rpc/connection_service.h"

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <variant>

#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "ingest/error.h"
#include "service/rpc/check_convert.h"
#include "service/rpc/error_mapping.h"
#include "tests/service/rpc/connection_service_fixture.h"

namespace inlet::rpc {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

std::string FieldOf(const grpc::Status& status) {
  const auto details = ParseErrorDetails(status);
  wire::BadRequest bad;
  if (details && details->details_size() > 1) bad.ParseFromString(details->details(1).value());
  return bad.field_violations_size() > 0 ? bad.field_violations(0).field() : "";
}

class ConnectionServiceTest : public ConnectionServiceFixture {
 protected:
  grpc::Status Check(const v1::CheckConnectionRequest& request) {
    grpc::ClientContext context;
    return stub_->CheckConnection(&context, request, &answer_);
  }
  grpc::Status CheckPath(const std::string& path) {
    v1::CheckConnectionRequest request;
    request.set_datasource(path);
    return Check(request);
  }
  static ingest::CheckReport Report() {
    ingest::CheckReport report;
    report.endpoint = "wss://feed.example.com/ws?key=<redacted>";
    report.hint = "set serverName";
    report.stages = {{"resolve", true, milliseconds(1500), "feed.example.com is 1.2.3.4:443"},
                     {"connect", true, milliseconds(3), "1.2.3.4:443"},
                     {"tls", false, milliseconds(4), "it is for another host"}};
    report.tls_version = "TLSv1.3";
    report.certificate_subject = "CN = a";
    report.certificate_issuer = "CN = b";
    report.certificate_expire_time = ingest::WallTime(seconds(1'700'000'000));
    report.http_status = 401;
    report.response_headers = {{"server", "nginx"}};
    report.subprotocol = "v1";
    report.first_message = "{}";
    return report;
  }

  v1::CheckConnectionResponse answer_;
};

TEST_F(ConnectionServiceTest, TheReportIsTheAnswer) {
  checker_.SetReport(Report());
  const grpc::Status status = CheckPath("/a");
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_FALSE(answer_.reachable());
  EXPECT_EQ(answer_.hint(), "set serverName");
  ASSERT_EQ(answer_.stages_size(), 3);
  EXPECT_EQ(answer_.stages(0).name(), "resolve");
  EXPECT_EQ(answer_.stages(0).duration().seconds(), 1);
  EXPECT_EQ(answer_.stages(0).duration().nanos(), 500'000'000);
  EXPECT_FALSE(answer_.stages(2).ok());
  EXPECT_EQ(answer_.endpoint(), "wss://feed.example.com/ws?key=<redacted>");
  EXPECT_EQ(answer_.certificate_expire_time().seconds(), 1'700'000'000);
  EXPECT_EQ(answer_.http_status(), 401U);
  EXPECT_EQ(answer_.response_header().at("server"), "nginx");
  EXPECT_EQ(answer_.first_message(), "{}");
  EXPECT_TRUE(checker_.AwaitEnded(1));
}

TEST_F(ConnectionServiceTest, NothingToCheckIsAnError) {
  const grpc::Status status = Check({});
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("nothing says what to check"));
}

TEST_F(ConnectionServiceTest, MoreThanOneThingToCheckIsAnError) {
  v1::CheckConnectionRequest request;
  request.set_stream("demo");
  request.set_datasource("/a");
  const grpc::Status status = Check(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("both stream and datasource"));
  EXPECT_EQ(FieldOf(status), "datasource");
}

TEST_F(ConnectionServiceTest, AStreamThatExistsIsCheckedAsItIs) {
  ASSERT_TRUE(parts_.Create("demo").ok());
  hold_ = absl::InternalError("the secrets of a stream that runs are in memory already");
  checker_.SetReport(Report());
  v1::CheckConnectionRequest request;
  request.set_stream("demo");
  EXPECT_TRUE(Check(request).ok());
  EXPECT_EQ(checker_.spec().name, "demo");
  request.set_stream("demos");
  EXPECT_EQ(Check(request).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(ConnectionServiceTest, ADefinitionNeedsNoName) {
  checker_.SetReport(Report());
  v1::CheckConnectionRequest request;
  request.mutable_definition()->set_datasource("/api/data");
  EXPECT_TRUE(Check(request).ok());
  EXPECT_EQ(std::get<ingest::ServerRole>(checker_.spec().role).path, "/api/data");
}

TEST_F(ConnectionServiceTest, AStatementIsCheckedBeforeItIsUsed) {
  checker_.SetReport(Report());
  v1::CheckConnectionRequest request;
  request.set_sql(R"(CREATE STREAM demo () WITH (DATASOURCE="/api/data"))");
  EXPECT_TRUE(Check(request).ok());
  EXPECT_EQ(std::get<ingest::ServerRole>(checker_.spec().role).path, "/api/data");
  EXPECT_EQ(parts_.registry.size(), 0U);
  request.set_sql("CREATE TABLE demo");
  EXPECT_EQ(Check(request).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ConnectionServiceTest, AnErrorIsAboutTheRequestsOwnField) {
  v1::CheckConnectionRequest request;
  request.set_datasource("/a");
  request.mutable_settings()->set_max_message_bytes(0);
  grpc::Status status = Check(request);
  EXPECT_EQ(FieldOf(status), "settings.maxMessageBytes");
  EXPECT_THAT(status.error_message(), testing::Not(HasSubstr("stream.settings")));
  v1::CheckConnectionRequest defined;
  *defined.mutable_definition()->mutable_settings() = request.settings();
  defined.mutable_definition()->set_datasource("/a");
  EXPECT_EQ(FieldOf(Check(defined)), "definition.settings.maxMessageBytes");
}

TEST_F(ConnectionServiceTest, AConfKeyOfTheServerRoleNeedsAPath) {
  v1::CheckConnectionRequest request;
  request.set_conf_key("default");
  EXPECT_EQ(FieldOf(Check(request)), "datasource");
  request.set_conf_key("defualt");
  EXPECT_THAT(Check(request).error_message(), HasSubstr("did you mean \"default\""));
}

TEST_F(ConnectionServiceTest, ASecretThatCannotBeReadIsAnError) {
  hold_ =
      MakeError(absl::StatusCode::kPermissionDenied, "${env:HOME} is not allowed", {"TARGET_FORBIDDEN", {}, "", {}});
  EXPECT_EQ(CheckPath("/a").error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(ConnectionServiceTest, TooManyChecksAreRefused) {
  checker_.SetRefusal(MakeError(absl::StatusCode::kResourceExhausted, "too many", {"LIMIT_REACHED", {}, "", {}}));
  EXPECT_EQ(CheckPath("/a").error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(ConnectionServiceTest, ACallerWhoGoesAwayEndsTheCheck) {
  grpc::ClientContext context;
  v1::CheckConnectionRequest request;
  request.set_datasource("/a");
  auto call = std::async(std::launch::async, [&] { return stub_->CheckConnection(&context, request, &answer_); });
  ASSERT_TRUE(checker_.AwaitStarted(1));
  context.TryCancel();
  EXPECT_EQ(call.get().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(checker_.AwaitEnded(1));
}

TEST_F(ConnectionServiceTest, TheCheckKnowsTheCallersDeadline) {
  checker_.SetReport(Report());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + seconds(100));
  v1::CheckConnectionRequest request;
  request.set_datasource("/a");
  request.mutable_wait_for_message()->set_seconds(7);
  ASSERT_TRUE(stub_->CheckConnection(&context, request, &answer_).ok());
  EXPECT_LT(checker_.options().patience, seconds(95)) << "gRPC rounds a time-out up by as much as a hundredth";
  EXPECT_GT(checker_.options().patience, seconds(60));
  EXPECT_EQ(checker_.options().wait_for_message, seconds(7));
}

TEST(ReadCheckOptions, TheAnswerComesBeforeTheDeadline) {
  const auto patience = [](std::optional<std::chrono::nanoseconds> remaining) {
    return ReadCheckOptions({}, remaining)->patience;
  };
  EXPECT_EQ(patience(std::nullopt), seconds(9));
  EXPECT_EQ(patience(seconds(20)), seconds(18));
  EXPECT_EQ(patience(seconds(1)), milliseconds(750));
  EXPECT_EQ(patience(milliseconds(200)), milliseconds(50));
  EXPECT_EQ(patience(std::chrono::hours(24)), std::chrono::minutes(5));
}

TEST(ReadCheckOptions, AWaitThatIsNoneIsAnError) {
  for (const int64_t wait : {-1, 301}) {
    v1::CheckConnectionRequest request;
    request.mutable_wait_for_message()->set_seconds(wait);
    EXPECT_EQ(GetErrorDetail(ReadCheckOptions(request, std::nullopt).status()).field, "wait_for_message");
  }
}

}  // namespace
}  // namespace inlet::rpc
