// inletctl check: its command line, its call, its exit code.
#include "cli/check_command.h"

#include <gmock/gmock.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/arguments.h"
#include "cli/client.h"

namespace inlet::cli {
namespace {

using testing::HasSubstr;

Invocation Parsed(const std::vector<std::string>& arguments) {
  const auto parsed = ParseArguments(arguments);
  if (const Answer* answer = std::get_if<Answer>(&parsed)) {
    ADD_FAILURE() << answer->text;
    return {{}, {}, CheckCommand{}};
  }
  return std::get<Invocation>(parsed);
}

CheckCommand Command(const std::vector<std::string>& arguments) {
  return std::get<CheckCommand>(Parsed(arguments).command);
}

int ExitCode(const std::vector<std::string>& arguments) {
  const auto parsed = ParseArguments(arguments);
  const Answer* answer = std::get_if<Answer>(&parsed);
  return answer == nullptr ? -1 : answer->exit_code;
}

TEST(CheckArguments, AUrlAPathAStatementAStreamOrAConfKey) {
  EXPECT_EQ(Command({"check", "wss://a.example.com/ws?x=1"}).datasource, "wss://a.example.com/ws?x=1");
  EXPECT_EQ(Command({"CHECK", "/api/data"}).datasource, "/api/data");
  EXPECT_EQ(Command({"check", "CREATE STREAM a () WITH ()"}).sql, "CREATE STREAM a () WITH ()");
  EXPECT_EQ(Command({"check", "create", "stream", "a", "()", "with", "()"}).sql, "create stream a () with ()");
  EXPECT_EQ(Command({"check", "--stream", "demo"}).stream, "demo");
  const CheckCommand keyed = Command({"check", "--conf-key", "exchange", "--datasource", "/ws"});
  EXPECT_EQ(keyed.conf_key, "exchange");
  EXPECT_EQ(keyed.datasource, "/ws");
  EXPECT_EQ(Command({"check", "/ws", "--conf-key", "exchange"}).datasource, "/ws");
}

TEST(CheckArguments, NothingOrTwoThingsAreUsageErrors) {
  EXPECT_EQ(ExitCode({"check"}), kExitUsage);
  EXPECT_EQ(ExitCode({"check", "wss://a", "--stream", "demo"}), kExitUsage);
  EXPECT_EQ(ExitCode({"check", "--stream", "demo", "--conf-key", "k"}), kExitUsage);
  EXPECT_EQ(ExitCode({"check", "/a", "--conf-key", "k", "--datasource", "/b"}), kExitUsage);
  EXPECT_EQ(ExitCode({"check", "/a", "--wait-for-message", "soon"}), kExitUsage);
  EXPECT_EQ(ExitCode({"check", "CREATE STREAM a () WITH ()", "--conf-key", "k"}), kExitUsage);
  EXPECT_EQ(ExitCode({"check", "--help"}), kExitOk);
}

TEST(CheckArguments, AWaitExtendsTheTimeThatNobodySet) {
  const std::vector<std::string> waits = {"check", "/a", "--wait-for-message", "30s"};
  EXPECT_EQ(Parsed(waits).timeout, std::chrono::seconds(40));
  std::vector<std::string> both = waits;
  both.insert(both.end(), {"--timeout", "5s"});
  EXPECT_EQ(Parsed(both).timeout, std::chrono::seconds(5));
}

TEST(CheckRequest, CarriesTheWait) {
  const v1::CheckConnectionRequest request = BuildRequest(Command({"check", "/a", "--wait-for-message", "1500ms"}));
  EXPECT_EQ(request.wait_for_message().seconds(), 1);
  EXPECT_EQ(request.wait_for_message().nanos(), 500'000'000);
  EXPECT_FALSE(BuildRequest(Command({"check", "/a"})).has_wait_for_message());
}

// Answers each check with what a test set.
class FakeConnectionService : public v1::ConnectionService::Service {
 public:
  FakeConnectionService() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  void SetAnswer(grpc::Status status, v1::CheckConnectionResponse response) {
    status_ = std::move(status);
    response_ = std::move(response);
  }

  grpc::Status CheckConnection(grpc::ServerContext* /*context*/, const v1::CheckConnectionRequest* /*request*/,
                               v1::CheckConnectionResponse* response) override {
    *response = response_;
    return status_;
  }

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  grpc::Status status_;
  v1::CheckConnectionResponse response_;
};

class CheckRun : public testing::Test {
 protected:
  int Run(const std::vector<std::string>& arguments) {
    Invocation invocation = Parsed(arguments);
    invocation.address = service_.address();
    const auto stub = ConnectForChecks(invocation.address, invocation.timeout);
    return RunCheck(std::get<CheckCommand>(invocation.command), *stub, invocation, output_, false);
  }

  FakeConnectionService service_;
  Output output_{STDOUT_FILENO};  // never flushed
};

TEST_F(CheckRun, TheExitCodeTellsWhetherItIsReachable) {
  v1::CheckConnectionResponse response;
  response.set_hint("try something else");
  service_.SetAnswer(grpc::Status::OK, response);
  EXPECT_EQ(Run({"check", "/a"}), kExitError);
  EXPECT_THAT(output_.buffer(), HasSubstr("not reachable: try something else"));
  response.set_reachable(true);
  service_.SetAnswer(grpc::Status::OK, response);
  EXPECT_EQ(Run({"check", "/a"}), kExitOk);
}

TEST_F(CheckRun, JsonIsForPrograms) {
  service_.SetAnswer(grpc::Status::OK, {});
  EXPECT_EQ(Run({"check", "/a", "--json"}), kExitError);
  EXPECT_THAT(output_.buffer(), HasSubstr("\"reachable\": false"));
}

TEST_F(CheckRun, AnErrorOfTheServiceIsNoAnswer) {
  service_.SetAnswer({grpc::StatusCode::NOT_FOUND, "there is no such stream"}, {});
  EXPECT_EQ(Run({"check", "--stream", "nope"}), kExitError);
  EXPECT_TRUE(output_.buffer().empty());
}

}  // namespace
}  // namespace inlet::cli
