// inletctl connections, close and send: command lines, calls, exit codes.
#include <gmock/gmock.h>

#include "tests/cli/command_test.h"

namespace inlet::cli {
namespace {

using testing::HasSubstr;

class ConnectionCommands : public CommandTest {
 protected:
  v1::SendRequest Sent() { return script().Requests<v1::SendRequest>("Send").back(); }
};

TEST_F(ConnectionCommands, ListsAllPages) {
  v1::ListConnectionsResponse page;
  page.add_connections()->set_id(7);
  page.set_next_page_token("8");
  script().Queue("ListConnections", page);
  page.clear_next_page_token();
  page.mutable_connections(0)->set_id(8);
  script().Queue("ListConnections", page);
  EXPECT_EQ(Run(RunConnections, {"Connections", "demo"}), kExitOk);
  EXPECT_EQ(printed(), "ID  MESSAGES  BYTES  REJECTS\n 7         0      0        0\n 8         0      0        0\n");
  const auto requests = script().Requests<v1::ListConnectionsRequest>("ListConnections");
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].stream(), "demo");
  EXPECT_EQ(requests[1].page_token(), "8");
}

TEST_F(ConnectionCommands, NobodyIsNoErrorAndJsonIsForPrograms) {
  script().Answer("ListConnections", v1::ListConnectionsResponse());
  EXPECT_EQ(Run(RunConnections, {"connections", "demo"}), kExitOk);
  EXPECT_EQ(printed(), "");
  EXPECT_EQ(Run(RunConnections, {"connections", "demo", "--json"}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("\"connections\": []"));
}

TEST_F(ConnectionCommands, CloseSaysWhichCodeAndReason) {
  script().Answer("CloseConnection", v1::CloseConnectionResponse());
  EXPECT_EQ(Run(RunClose, {"close", "demo", "17", "--code", "1008", "--reason", "not today"}), kExitOk);
  EXPECT_EQ(printed(), "closed connection 17\n");
  const auto request = script().Requests<v1::CloseConnectionRequest>("CloseConnection").at(0);
  EXPECT_EQ(request.ShortDebugString(), R"(stream: "demo" connection: 17 code: 1008 reason: "not today")");
}

TEST_F(ConnectionCommands, AnErrorOfTheServiceIsExitCode1) {
  script().Fail("CloseConnection", {grpc::StatusCode::NOT_FOUND, "there is no such connection"});
  EXPECT_EQ(Run(RunClose, {"close", "demo", "17"}), kExitError);
  EXPECT_EQ(Run(RunConnections, {"connections", "demo"}), kExitError);
  EXPECT_EQ(Run(RunSend, {"send", "demo", "x"}), kExitError);
  EXPECT_EQ(printed(), "");
}

TEST_F(ConnectionCommands, SendGoesToTheRemoteServerOrToWhoWasChosen) {
  v1::SendResponse response;
  response.set_sent(1);
  script().Answer("Send", response);
  EXPECT_EQ(Run(RunSend, {"send", "demo", "hello;"}), kExitOk);
  EXPECT_EQ(Sent().ShortDebugString(), R"(stream: "demo" text: "hello;")");
  EXPECT_EQ(Run(RunSend, {"send", "demo", "two", "words", "--to", "17"}), kExitOk);
  EXPECT_EQ(Sent().ShortDebugString(), R"(stream: "demo" text: "two words" connection: 17)");
  EXPECT_EQ(Run(RunSend, {"send", "demo", "x", "--all"}), kExitOk);
  EXPECT_EQ(Sent().ShortDebugString(), R"(stream: "demo" text: "x" all: true)");
  EXPECT_EQ(Run(RunSend, {"send", "--where", "id=7", "demo", "x", "--where", "part=a=b"}), kExitOk);
  EXPECT_EQ(Sent().variables().values().at("id"), "7");
  EXPECT_EQ(Sent().variables().values().at("part"), "a=b");
  EXPECT_THAT(printed(), HasSubstr("sent to 1 connection\n"));
}

TEST_F(ConnectionCommands, ATextThatAConnectionRefusedIsExitCode1) {
  v1::SendResponse response;
  response.set_sent(1200);
  response.set_refused(1);
  script().Answer("Send", response);
  EXPECT_EQ(Run(RunSend, {"send", "demo", "x", "--all"}), kExitError);
  EXPECT_EQ(printed(), "sent to 1,200 connections\n");
}

TEST_F(ConnectionCommands, WrongCommandLinesAreToldWithWhatToGive) {
  const std::vector<std::vector<std::string>> wrong = {
      {"send", "demo"},
      {"send", "demo", "x", "--all", "--to", "1"},
      {"send", "demo", "x", "--all", "--where", "id=1"},
      {"send", "demo", "x", "--where", "id"},
      {"send", "demo", "x", "--where", "id=1", "--where", "id=2"},
      {"send", "demo", "x", "--to", "0"},
  };
  for (const auto& arguments : wrong) EXPECT_EQ(Run(RunSend, arguments), kExitUsage) << arguments.back();
  EXPECT_EQ(Run(RunClose, {"close", "demo"}), kExitUsage);
  EXPECT_EQ(Run(RunClose, {"close", "demo", "x"}), kExitUsage);
  EXPECT_THAT(complaint(), HasSubstr("ID: found \"x\"; give a number"));
  EXPECT_EQ(Run(RunClose, {"close", "demo", "1", "--code", "4294967296"}), kExitUsage);
  EXPECT_EQ(Run(RunConnections, {"connections"}), kExitUsage);
  EXPECT_TRUE(script().Methods().empty());
}

}  // namespace
}  // namespace inlet::cli
