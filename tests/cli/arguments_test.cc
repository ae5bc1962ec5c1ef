// Command lines and what they mean.
#include "cli/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "cli/help.h"

namespace inlet::cli {
namespace {

using testing::HasSubstr;

class Arguments : public testing::Test {
 protected:
  void SetUp() override { unsetenv("INLET_ADDRESS"); }
};

Invocation Parsed(const std::vector<std::string>& arguments) {
  const auto parsed = ParseArguments(arguments);
  if (const Answer* answer = std::get_if<Answer>(&parsed)) {
    ADD_FAILURE() << answer->text;
    return {};
  }
  return std::get<Invocation>(parsed);
}

template <typename C>
C Command(const std::vector<std::string>& arguments) {
  const Invocation invocation = Parsed(arguments);
  const C* command = std::get_if<C>(&invocation.command);
  EXPECT_NE(command, nullptr);
  return command == nullptr ? C{} : *command;
}

Answer Answered(const std::vector<std::string>& arguments) {
  const auto parsed = ParseArguments(arguments);
  const Answer* answer = std::get_if<Answer>(&parsed);
  EXPECT_NE(answer, nullptr);
  return answer == nullptr ? Answer{-1, {}} : *answer;
}

TEST_F(Arguments, TheAddressComesFromTheOptionThenTheEnvironmentThenTheDefault) {
  EXPECT_EQ(Parsed({"list"}).address, "localhost:50051");
  setenv("INLET_ADDRESS", "env:1", 1);
  EXPECT_EQ(Parsed({"list"}).address, "env:1");
  EXPECT_EQ(Parsed({"list", "--address", "opt:2"}).address, "opt:2");
  EXPECT_EQ(Parsed({"--address=opt:3", "list"}).address, "opt:3");
}

TEST_F(Arguments, TheTimeoutIsADuration) {
  EXPECT_EQ(Parsed({"list"}).timeout, std::chrono::seconds(10));
  EXPECT_EQ(Parsed({"list", "--timeout", "500ms"}).timeout, std::chrono::milliseconds(500));
  EXPECT_EQ(Answered({"list", "--timeout", "0s"}).exit_code, kExitUsage);
  EXPECT_THAT(Answered({"list", "--timeout", "5"}).text, HasSubstr("found \"5\"; give a duration"));
}

TEST_F(Arguments, AnUnknownOptionIsToldTheNearestAndAMissingValueIsMissed) {
  const Answer unknown = Answered({"subscribe", "demo", "--untilnow"});
  EXPECT_EQ(unknown.exit_code, kExitUsage);
  EXPECT_THAT(unknown.text, HasSubstr("unknown option --untilnow; did you mean \"--until-now\"?"));
  EXPECT_THAT(Answered({"create", "--retention", "5"}).text, HasSubstr("unknown option --retention\n"));
  EXPECT_THAT(Answered({"subscribe", "demo", "--from"}).text, HasSubstr("--from needs a value: POSITION"));
  EXPECT_THAT(Answered({"subscribe", "a", "b"}).text, HasSubstr("there is more than is wanted: b\n"));
  EXPECT_THAT(Answered({"--verison"}).text, HasSubstr("unknown option --verison; did you mean \"--version\"?"));
  EXPECT_THAT(Answered({"--address", "h:1"}).text, HasSubstr("a verb is missing"));
}

TEST_F(Arguments, AnAddressWithoutPortOrAUrlIsAUsageError) {
  EXPECT_THAT(Answered({"list", "--address", "localhost"}).text, HasSubstr("has no port; give localhost:50051"));
  EXPECT_EQ(Answered({"list", "--address="}).exit_code, kExitUsage);
  setenv("INLET_ADDRESS", "http://localhost:50051", 1);
  EXPECT_THAT(Answered({"list"}).text, HasSubstr("no URL; give HOST:PORT"));
}

TEST_F(Arguments, WhatIsNotUtf8IsAUsageError) {
  EXPECT_THAT(Answered({"create", "CREATE STREAM \xff ()"}).text, HasSubstr("the statement is not UTF-8"));
  EXPECT_THAT(Answered({"show", "\xc3"}).text, HasSubstr("the name is not UTF-8"));
}

TEST_F(Arguments, TheEndOfWhatIsThereDoesNotComeInTheFuture) {
  EXPECT_THAT(Answered({"subscribe", "d", "--from", "2999-01-01", "--until-now"}).text, HasSubstr("in the future"));
  Command<SubscribeCommand>({"subscribe", "d", "--from", "2999-01-01"});
}

TEST_F(Arguments, CreateTakesAStatementAFileOrFields) {
  const auto shell = Command<CreateCommand>({"CREATE", "STREAM", "demo() with()", "--allow-existing"});
  EXPECT_EQ(shell.statement, "CREATE STREAM demo() with()");
  EXPECT_TRUE(shell.allow_existing);
  EXPECT_FALSE(shell.validate_only);
  EXPECT_EQ(Command<CreateCommand>({"create", "-f", "-"}).file, "-");
  const auto fields = Command<CreateCommand>({"create", "--name", "a", "--datasource", "/b", "--conf-key", "c"});
  EXPECT_EQ(fields.name, "a");
  EXPECT_EQ(fields.datasource, "/b");
  EXPECT_EQ(fields.conf_key, "c");
  EXPECT_THAT(Answered({"create"}).text, HasSubstr("give one statement, or --file, or --name"));
  EXPECT_EQ(Answered({"create", "x", "--name", "y"}).exit_code, kExitUsage);
  EXPECT_EQ(Answered({"create", "x", "--datasource", "/y"}).exit_code, kExitUsage);
}

TEST_F(Arguments, SubscribeHasDefaultsAndTakesEveryForm) {
  const auto plain = Command<SubscribeCommand>({"subscribe", "demo"});
  EXPECT_EQ(plain.name, "demo");
  EXPECT_TRUE(std::holds_alternative<FromNext>(plain.from));
  EXPECT_EQ(plain.view, SubscribeCommand::View::kJson);
  EXPECT_EQ(plain.output, SubscribeCommand::Output::kJson);
  EXPECT_EQ(plain.max_records, 0U);
  const auto full = Command<SubscribeCommand>({"SUBSCRIBE", "demo", "--from", "-10", "--max", "3", "--until-now",
                                               "--output", "full", "--view", "data", "--quiet"});
  EXPECT_EQ(std::get<FromLast>(full.from).count, 10U);
  EXPECT_EQ(full.max_records, 3U);
  EXPECT_TRUE(full.until_now && full.quiet);
  EXPECT_EQ(full.output, SubscribeCommand::Output::kFull);
  EXPECT_EQ(full.view, SubscribeCommand::View::kData);
  EXPECT_TRUE(std::holds_alternative<FromTime>(Command<SubscribeCommand>({"subscribe", "--from=-1h", "d"}).from));
}

TEST_F(Arguments, WrongValuesAreUsageErrorsThatSayWhatIsRight) {
  EXPECT_THAT(Answered({"subscribe", "d", "--from", "nowhere"}).text, HasSubstr("give earliest, latest"));
  EXPECT_THAT(Answered({"subscribe", "d", "--view", "xml"}).text, HasSubstr("json,data"));
  EXPECT_EQ(Answered({"subscribe", "d", "--max", "0"}).exit_code, kExitUsage);
  EXPECT_THAT(Answered({"subscribe", "d", "--max", "abc"}).text, HasSubstr("found \"abc\"; give a number from 1"));
  EXPECT_EQ(Answered({"subscribe", "a", "b"}).exit_code, kExitUsage);
  EXPECT_THAT(Answered({"subscribe"}).text, HasSubstr("NAME is required"));
  EXPECT_EQ(Answered({"list", "--json", "--names"}).exit_code, kExitUsage);
  EXPECT_EQ(Answered({"completion", "fish"}).exit_code, kExitUsage);
}

TEST_F(Arguments, AStreamMayHaveTheNameOfAVerb) {
  EXPECT_EQ(Command<ShowCommand>({"show", "list"}).name, "list");
  EXPECT_THAT(Command<DropCommand>({"drop", "a", "drop", "--missing-ok"}).names, testing::ElementsAre("a", "drop"));
}

TEST_F(Arguments, HelpOfEveryVerbHasExamples) {
  for (const std::string_view verb : kVerbs) {
    const Answer help = Answered({std::string(verb), "--help"});
    EXPECT_EQ(help.exit_code, kExitOk) << verb;
    EXPECT_THAT(help.text, HasSubstr("--address"));
    EXPECT_EQ(Answered({"help", std::string(verb)}).text, help.text);
    if (verb == "version") continue;
    EXPECT_THAT(help.text, HasSubstr("Examples:"));
  }
  EXPECT_EQ(Answered({"create", "x", "-h"}).exit_code, kExitOk);
}

TEST_F(Arguments, HelpItselfIsNoErrorButNothingIs) {
  EXPECT_EQ(Answered({"--help"}).exit_code, kExitOk);
  EXPECT_EQ(Answered({}).exit_code, kExitUsage);
  EXPECT_THAT(Answered({"--help"}).text, HasSubstr("subscribe"));
}

TEST_F(Arguments, AMisspeltVerbIsToldTheNearest) {
  const Answer answer = Answered({"subscribr", "demo"});
  EXPECT_EQ(answer.exit_code, kExitUsage);
  EXPECT_THAT(answer.text, HasSubstr("did you mean \"subscribe\"?"));
}

TEST_F(Arguments, TheVersionIsAVerbAndAnOption) {
  Command<VersionCommand>({"version"});
  Command<VersionCommand>({"--version"});
}

}  // namespace
}  // namespace inlet::cli
