// inletctl pause, resume and reconnect; list by state and label; drop with an etag.
#include <gmock/gmock.h>

#include "tests/cli/command_test.h"

namespace inlet::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SourceCommands : public CommandTest {};

TEST_F(SourceCommands, EachVerbMakesItsCallAndTellsTheStateAfterIt) {
  v1::Stream stream;
  stream.mutable_status()->set_state(v1::StreamStatus::PAUSED);
  script().Answer("PauseStream", stream);
  stream.mutable_status()->set_state(v1::StreamStatus::LISTENING);
  stream.mutable_status()->set_reason("waiting for peers");
  script().Answer("ResumeStream", stream);
  script().Answer("ReconnectStream", stream);
  EXPECT_EQ(Run(RunSource, {"PAUSE", "STREAM", "demo;"}), kExitOk);
  EXPECT_EQ(Run(RunSource, {"resume", "demo"}), kExitOk);
  EXPECT_EQ(Run(RunSource, {"reconnect", "demo"}), kExitOk);
  EXPECT_EQ(printed(), "demo is paused\ndemo is listening: waiting for peers\ndemo is listening: waiting for peers\n");
  EXPECT_THAT(script().Methods(), ElementsAre("PauseStream", "ResumeStream", "ReconnectStream"));
  EXPECT_EQ(script().Requests<v1::PauseStreamRequest>("PauseStream").at(0).name(), "demo");
}

TEST_F(SourceCommands, AllStreamsAreTriedWhateverBecomesOfTheFirst) {
  script().Fail("PauseStream", {grpc::StatusCode::NOT_FOUND, "there is no stream"});
  EXPECT_EQ(Run(RunSource, {"pause", "a", "b"}), kExitError);
  EXPECT_EQ(script().Requests<v1::PauseStreamRequest>("PauseStream").at(1).name(), "b");
}

TEST_F(SourceCommands, AListIsOfTheStatesAndLabelsThatWereAskedFor) {
  script().Answer("ListStreams", v1::ListStreamsResponse());
  EXPECT_EQ(Run(RunList, {"list", "--state", "Listening,failed", "--label", "site=berlin", "--label", "empty="}),
            kExitOk);
  const auto request = script().Requests<v1::ListStreamsRequest>("ListStreams").at(0);
  EXPECT_THAT(request.states(), ElementsAre(v1::StreamStatus::LISTENING, v1::StreamStatus::FAILED));
  EXPECT_EQ(request.labels().at("site"), "berlin");
  EXPECT_EQ(request.labels().at("empty"), "");
}

TEST_F(SourceCommands, AnUnknownStateNamesTheNearest) {
  EXPECT_EQ(Run(RunList, {"list", "--state", "listning"}), kExitUsage);
  EXPECT_THAT(complaint(), HasSubstr("there is no state \"listning\"; did you mean \"listening\"?; the states are"));
  EXPECT_EQ(Run(RunList, {"list", "--state", "failed,"}), kExitUsage);
  EXPECT_EQ(Run(RunList, {"list", "--state", "STATE_UNSPECIFIED"}), kExitUsage);
  EXPECT_EQ(Run(RunList, {"list", "--label", "site"}), kExitUsage);
  EXPECT_THAT(complaint(), HasSubstr("--label: found \"site\"; give KEY=VALUE"));
}

TEST_F(SourceCommands, ADropCanBeOfOneDefinitionAlone) {
  script().Answer("DeleteStream", v1::DeleteStreamResponse());
  EXPECT_EQ(Run(RunDrop, {"drop", "demo", "--etag", "abc"}), kExitOk);
  EXPECT_EQ(script().Requests<v1::DeleteStreamRequest>("DeleteStream").at(0).etag(), "abc");
  EXPECT_EQ(Run(RunDrop, {"drop", "a", "b", "--etag", "abc"}), kExitUsage);
}

}  // namespace
}  // namespace inlet::cli
