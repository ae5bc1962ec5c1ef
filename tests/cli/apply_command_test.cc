// inletctl apply: what it plans, what it does, and in which order.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/cli/command_test.h"

namespace inlet::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const grpc::Status kNoStream = Failure(grpc::StatusCode::NOT_FOUND, "STREAM_UNKNOWN", "there is no stream");
const grpc::Status kNoKey = Failure(grpc::StatusCode::NOT_FOUND, "CONF_KEY_UNKNOWN", "there is no conf key");

class Apply : public CommandTest {
 protected:
  Apply() {
    script().Fail("GetStream", kNoStream);
    script().Fail("GetConfKey", kNoKey);
    script().Answer("CreateStream", v1::Stream());
    script().Answer("PutConfKey", v1::PutConfKeyResponse());
  }

  // A stream that is there, and what it would be after an update.
  void HasStream(const std::string& description, const std::string& wanted) {
    v1::Stream stream;
    stream.set_name("demo");
    stream.set_etag("e1");
    stream.set_description(description);
    stream.mutable_status()->set_records(1);
    script().Answer("GetStream", stream);
    stream.set_description(wanted);
    stream.mutable_status()->set_records(2);
    script().Answer("UpdateStream", stream);
  }

  std::vector<v1::UpdateStreamRequest> Updates() { return script().Requests<v1::UpdateStreamRequest>("UpdateStream"); }
};

TEST_F(Apply, MakesWhatIsNotThereConfKeysFirst) {
  const std::string file = File("f.yaml",
                                "streams:\n  - {name: demo, confKey: exchange}\n"
                                "  - sql: CREATE STREAM other () WITH (DATASOURCE=\"/o\")\n"
                                "confKeys:\n  exchange: {addr: \"a:1\"}\n");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file}), kExitOk);
  EXPECT_EQ(
      printed(),
      "+ conf key exchange\n+ stream demo\n+ stream other\n3 created, 0 changed, 0 removed, 0 as they should be\n");
  EXPECT_THAT(script().Methods(), ElementsAre("GetConfKey", "PutConfKey", "GetStream", "CreateStream", "GetStream",
                                              "CreateStream", "PutConfKey", "CreateStream", "CreateStream"));
  const auto creations = script().Requests<v1::CreateStreamRequest>("CreateStream");
  EXPECT_TRUE(creations[0].validate_only());
  EXPECT_FALSE(creations[2].validate_only());
  EXPECT_EQ(creations[3].sql(), "CREATE STREAM other () WITH (DATASOURCE=\"/o\")");
}

TEST_F(Apply, ChangesWhatDiffersAsAWholeAndGuardedByTheEtag) {
  HasStream("theirs", "ours");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", File("f.yaml", "streams: [{name: demo, description: ours}]")}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("0 created"));
  ASSERT_EQ(Updates().size(), 2U);
  EXPECT_TRUE(Updates()[0].validate_only());
  EXPECT_FALSE(Updates()[1].validate_only());
  EXPECT_THAT(Updates()[1].update_mask().paths(), ElementsAre("*"));
  EXPECT_EQ(Updates()[1].stream().etag(), "e1");
}

TEST_F(Apply, TellsTheFieldsThatChange) {
  HasStream("theirs", "ours");
  const std::string file = File("f.yaml", "streams: [{name: demo, description: ours}]");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file, "--dry-run"}), kExitOk);
  EXPECT_EQ(printed(),
            "~ stream demo: description\n"
            "0 to be created, 1 to be changed, 0 to be removed, 0 as they should be\n");
  EXPECT_EQ(Updates().size(), 1U);
}

TEST_F(Apply, WhatIsAsItShouldBeIsLeftAlone) {
  HasStream("ours", "ours");
  const std::string file = File("f.yaml", "streams: [{name: demo, description: ours}]");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("= stream demo\n"));
  EXPECT_EQ(Updates().size(), 1U);
  EXPECT_TRUE(Updates()[0].validate_only());
}

TEST_F(Apply, AStatementChangesAStreamAsFieldsDo) {
  HasStream("", "");
  const std::string file = File("f.yaml", "streams:\n  - sql: CREATE STREAM demo () WITH (DATASOURCE=\"/o\")\n");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file}), kExitOk);
  EXPECT_EQ(Updates().at(0).stream().datasource(), "/o");
  EXPECT_EQ(Updates().at(0).stream().sql(), "");
}

TEST_F(Apply, ASecretThatTheServiceHidesIsSentAndJudgedByTheEtag) {
  v1::Stream stream;
  stream.set_name("demo");
  stream.set_etag("e1");
  (*stream.mutable_settings()->mutable_request_header())["X"] = "<redacted>";
  script().Answer("GetStream", stream);
  script().Queue("UpdateStream", stream);
  stream.set_etag("e2");
  script().Answer("UpdateStream", stream);
  const std::string file = File("f.yaml", "streams: [{name: demo, settings: {requestHeader: {X: hush}}}]");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("~ stream demo: settings.requestHeader.X (a secret)\n"));
  const std::string kept = File("g.yaml", "streams: [{name: demo, settings: {requestHeader: {X: <redacted>}}}]");
  const size_t before = Updates().size();
  EXPECT_EQ(Run(RunApply, {"apply", "-f", kept}), kExitOk);
  EXPECT_EQ(Updates().size(), before + 1);  // the plan alone
}

TEST_F(Apply, AMistakeAnywhereChangesNothingAndAllMistakesAreTold) {
  script().Fail("CreateStream", Failure(grpc::StatusCode::INVALID_ARGUMENT, "FIELD_INVALID", "no"));
  const std::string file = File("f.yaml", "streams: [{name: a}, {name: b}]\nconfKeys: {k: {addr: x}}\n");
  testing::internal::CaptureStderr();
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file}), kExitError);
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_EQ(told, file + ":1:\nno\n" + file + ":1:\nno\nnothing was changed\n");
  EXPECT_TRUE(script().Requests<v1::PutConfKeyRequest>("PutConfKey").at(0).validate_only());
  EXPECT_EQ(script().Requests<v1::PutConfKeyRequest>("PutConfKey").size(), 1U);
  EXPECT_EQ(printed(), "");
}

TEST_F(Apply, AStreamOfAConfKeyThatIsToComeIsCheckedWhenItIsThere) {
  script().QueueFailure("CreateStream", Failure(grpc::StatusCode::INVALID_ARGUMENT, "CONF_KEY_UNKNOWN", "no key"));
  const std::string file = File("f.yaml", "streams: [{name: demo, confKey: k}]\nconfKeys: {k: {addr: \"a:1\"}}\n");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file, "--dry-run"}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("+ stream demo (to be checked when the conf key that it builds on has changed)\n"));
}

TEST_F(Apply, ADefaultThatChangesComesFirstAndAKeyThatBuildsOnItIsCheckedAfterwards) {
  const grpc::Status no_fit = Failure(grpc::StatusCode::INVALID_ARGUMENT, "FIELD_INVALID", "above the default's");
  script().QueueFailure("PutConfKey", grpc::Status::OK);
  script().QueueFailure("PutConfKey", no_fit);
  const std::string file = File("f.yaml", "confKeys: {k: {pingInterval: 9s}, default: {idleTimeout: 20s}}\n");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("+ conf key default\n+ conf key k\n"));
  const auto puts = script().Requests<v1::PutConfKeyRequest>("PutConfKey");
  ASSERT_EQ(puts.size(), 4U);
  EXPECT_EQ(puts[2].conf_key().name(), "default");
  EXPECT_EQ(puts[3].conf_key().name(), "k");
  EXPECT_TRUE(puts[1].validate_only() && !puts[3].validate_only());
}

TEST_F(Apply, AKeyThatDoesNotFitIsToldWhereTheDefaultStaysAsItIs) {
  script().QueueFailure("PutConfKey", Failure(grpc::StatusCode::INVALID_ARGUMENT, "FIELD_INVALID", "above it"));
  EXPECT_EQ(Run(RunApply, {"apply", "-f", File("f.yaml", "confKeys: {k: {pingInterval: 9s}}\n")}), kExitError);
}

TEST_F(Apply, AStreamThatAFileDefinesIsKeptWhereNothingDiffers) {
  HasStream("ours", "ours");
  script().Fail("UpdateStream", Failure(grpc::StatusCode::FAILED_PRECONDITION, "STREAM_READ_ONLY", "in inlet.yaml:5"));
  const std::string same = File("f.yaml", "streams: [{name: demo, description: ours}]");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", same}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("= stream demo (a file of the service defines it, just so)\n0 created"));
  EXPECT_THAT(script().Requests<v1::CreateStreamRequest>("CreateStream"), IsEmpty());
  const std::string other = File("g.yaml", "streams: [{name: demo, description: theirs}]");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", other}), kExitOk);  // the service takes the two for the same
  script().Fail("CreateStream", Failure(grpc::StatusCode::ALREADY_EXISTS, "STREAM_EXISTS", "it differs"));
  testing::internal::CaptureStderr();
  EXPECT_EQ(Run(RunApply, {"apply", "-f", other}), kExitError);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("in inlet.yaml:5"));
  for (const auto& request : script().Requests<v1::CreateStreamRequest>("CreateStream")) {
    EXPECT_TRUE(request.validate_only() && request.allow_existing());
  }
}

TEST_F(Apply, ASecretThatIsSentBesideAnotherChangeIsNamed) {
  v1::Stream stream;
  stream.set_name("demo");
  stream.set_etag("e1");
  stream.mutable_settings()->add_bearer_tokens("<redacted>");
  script().Answer("GetStream", stream);
  stream.set_description("ours");
  script().Answer("UpdateStream", stream);
  const std::string file =
      File("f.yaml", "streams: [{name: demo, description: ours, settings: {bearerTokens: [hush]}}]");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file, "--dry-run"}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("~ stream demo: description, settings.bearerTokens (a secret, not compared)\n"));
  stream.set_etag("e2");
  script().Answer("UpdateStream", stream);
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("~ stream demo: description, settings.bearerTokens (a secret, sent)\n"));
  EXPECT_THAT(printed(), Not(HasSubstr("hush")));
}

TEST_F(Apply, EveryStreamBuildsOnTheDefault) {
  script().Fail("CreateStream", Failure(grpc::StatusCode::INVALID_ARGUMENT, "FIELD_INVALID", "no address"));
  const std::string keys = "confKeys: {default: {addr: \"a:1\"}}\n";
  const std::string file = File("f.yaml", "streams: [{name: demo}, {name: other, confKey: k}]\n" + keys);
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file, "--dry-run"}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("+ stream demo (to be checked when the conf key that it builds on has changed)\n"));
  EXPECT_THAT(printed(), HasSubstr("+ stream other (to be checked when the conf key that it builds on has changed)\n"));
}

TEST_F(Apply, ASectionOfTheFileIsHiddenByAKeyOfItsOwn) {
  v1::ConfKey key;
  key.set_layer(v1::ConfKey::CONFIG_FILE);
  script().Answer("GetConfKey", key);
  EXPECT_EQ(Run(RunApply, {"apply", "-f", File("f.yaml", "confKeys: {k: {addr: \"a:1\"}}")}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("+ conf key k\n"));
}

TEST_F(Apply, PruneRemovesWhatHasTheLabelAndIsInNoFile) {
  HasStream("ours", "ours");
  v1::ListStreamsResponse labelled;
  labelled.add_streams()->set_name("demo");
  labelled.add_streams()->set_name("old");
  labelled.mutable_streams(1)->set_etag("e7");
  script().Answer("ListStreams", labelled);
  script().Answer("DeleteStream", v1::DeleteStreamResponse());
  const std::string file = File("f.yaml", "streams: [{name: demo, description: ours}]");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file}), kExitOk);
  EXPECT_THAT(printed(), Not(HasSubstr("- stream")));
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file, "--prune", "owner=git"}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("- stream old\n"));
  EXPECT_EQ(script().Requests<v1::ListStreamsRequest>("ListStreams").at(0).labels().at("owner"), "git");
  const auto removed = script().Requests<v1::DeleteStreamRequest>("DeleteStream");
  ASSERT_EQ(removed.size(), 1U);
  EXPECT_EQ(removed[0].ShortDebugString(), R"(name: "old" etag: "e7")");
}

TEST_F(Apply, WhatPruneCannotRemoveChangesNothing) {
  v1::ListStreamsResponse labelled;
  labelled.add_streams()->set_name("fixed");
  script().Answer("ListStreams", labelled);
  script().Fail("UpdateStream", Failure(grpc::StatusCode::FAILED_PRECONDITION, "STREAM_READ_ONLY", "in inlet.yaml:5"));
  const std::string file = File("f.yaml", "streams: [{name: demo}]");
  testing::internal::CaptureStderr();
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file, "--prune", "owner=git"}), kExitError);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "--prune:\nin inlet.yaml:5\nnothing was changed\n");
  EXPECT_THAT(script().Methods(), ElementsAre("GetStream", "CreateStream", "ListStreams", "UpdateStream"));
  EXPECT_TRUE(script().Requests<v1::UpdateStreamRequest>("UpdateStream").at(0).validate_only());
  script().Fail("UpdateStream", Failure(grpc::StatusCode::INVALID_ARGUMENT, "CONF_KEY_UNKNOWN", "no key"));
  script().Answer("DeleteStream", v1::DeleteStreamResponse());
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file, "--prune", "owner=git"}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("- stream fixed\n"));
}

TEST_F(Apply, TheExitCodeTellsOfDifferencesOnlyIfItIsAsked) {
  HasStream("theirs", "ours");
  const std::string file = File("f.yaml", "streams: [{name: demo, description: ours}]");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file, "--dry-run", "--exit-code"}), kExitDiffers);
  HasStream("ours", "ours");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file, "--dry-run", "--exit-code"}), kExitOk);
  EXPECT_EQ(Run(RunApply, {"apply", "-f", file, "--exit-code"}), kExitUsage);
}

TEST_F(Apply, FilesAndFoldersAreOneSetOfDefinitions) {
  File("b.yml", "streams: [{name: b}]");
  File("a.yaml", "streams: [{name: a}]");
  File(".hidden.yaml", "nonsense");
  File("notes.txt", "nonsense");
  EXPECT_EQ(Run(RunApply, {"apply", "-f", folder()}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("+ stream a\n+ stream b\n"));
  EXPECT_EQ(Run(RunApply, {"apply", "-f", folder(), "-f", File("a.yaml")}), kExitUsage);
}

TEST_F(Apply, WhatCannotBeReadCallsNobody) {
  EXPECT_EQ(Run(RunApply, {"apply"}), kExitUsage);
  EXPECT_THAT(complaint(), HasSubstr("Give -f FILE"));
  EXPECT_EQ(Run(RunApply, {"apply", "a.yaml"}), kExitUsage);
  EXPECT_THAT(complaint(), HasSubstr("did you mean apply -f a.yaml?"));
  EXPECT_EQ(Run(RunApply, {"apply", "-f", "/nowhere/f.yaml"}), kExitUsage);
  EXPECT_EQ(Run(RunApply, {"apply", "-f", folder()}), kExitUsage);  // empty
  EXPECT_EQ(Run(RunApply, {"apply", "-f", File("f.yaml", "stream: []")}), kExitUsage);
  EXPECT_EQ(Run(RunApply, {"apply", "-f", File("g.yaml", "streams: [{sql: CREATE}]")}), kExitUsage);
  EXPECT_THAT(script().Methods(), IsEmpty());
}

TEST_F(Apply, AllMistakesOfTheFilesAreToldAndTheServiceIsNotAsked) {
  File("a.yaml", "streams: [{nam: a}, {sql: CREATE}, {name: b}]\nconfKey: {}\n");
  File("b.yaml", "streams: [{name: b}]\nconfKeys: {k: {add: x}}\n");
  testing::internal::CaptureStderr();
  EXPECT_EQ(Run(RunApply, {"apply", "-f", folder()}), kExitUsage);
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 5) << told;
  for (const char* mistake :
       {"did you mean \"name\"", "a.yaml:1: ", "did you mean \"confKeys\"", "did you mean \"addr\"", "defined twice"}) {
    EXPECT_THAT(told, HasSubstr(mistake));
  }
  EXPECT_THAT(script().Methods(), IsEmpty());
}

}  // namespace
}  // namespace inlet::cli
