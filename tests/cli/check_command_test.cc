// inletctl check: its command line, its call, its exit code.
#include "cli/check_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "tests/cli/fake_service.h"

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

class CheckRun : public testing::Test {
 protected:
  int Run(const std::vector<std::string>& arguments) {
    Invocation invocation = Parsed(arguments);
    Client client(service_.address(), invocation.timeout);
    CommandContext context{client, invocation, output_};
    return RunCheck(std::get<CheckCommand>(invocation.command), context, false);
  }

  FakeService service_;
  Output output_{STDOUT_FILENO};  // never flushed
};

TEST_F(CheckRun, TheExitCodeTellsWhetherItIsReachable) {
  v1::CheckConnectionResponse response;
  response.set_hint("try something else");
  service_.script().Answer("CheckConnection", response);
  EXPECT_EQ(Run({"check", "/a"}), kExitError);
  EXPECT_THAT(output_.buffer(), HasSubstr("not reachable: try something else"));
  response.set_reachable(true);
  service_.script().Answer("CheckConnection", response);
  EXPECT_EQ(Run({"check", "/a"}), kExitOk);
}

TEST_F(CheckRun, JsonIsForPrograms) {
  service_.script().Answer("CheckConnection", v1::CheckConnectionResponse());
  EXPECT_EQ(Run({"check", "/a", "--json"}), kExitError);
  EXPECT_THAT(output_.buffer(), HasSubstr("\"reachable\": false"));
}

TEST_F(CheckRun, AnErrorOfTheServiceIsNoAnswer) {
  service_.script().Fail("CheckConnection", {grpc::StatusCode::NOT_FOUND, "there is no such stream"});
  EXPECT_EQ(Run({"check", "--stream", "nope"}), kExitError);
  EXPECT_TRUE(output_.buffer().empty());
}

}  // namespace
}  // namespace inlet::cli
