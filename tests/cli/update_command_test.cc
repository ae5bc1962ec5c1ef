// inletctl update: its command line, its calls, what it tells.
#include <gmock/gmock.h>

#include "tests/cli/command_test.h"

namespace inlet::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Update : public CommandTest {
 protected:
  Update() {
    present_.set_name("demo");
    present_.set_etag("e1");
    present_.mutable_status()->set_records(5);
    (*present_.mutable_labels())["old"] = "x";
    script().Answer("GetStream", present_);
    after_ = present_;
    after_.set_etag("e2");
    after_.set_description("ours");
    script().Answer("UpdateStream", after_);
  }

  v1::UpdateStreamRequest Sent() { return script().Requests<v1::UpdateStreamRequest>("UpdateStream").back(); }

  v1::Stream present_;
  v1::Stream after_;
};

TEST_F(Update, SendsTheFieldsThatWereNamedAndShowsWhatTheStreamIsAfterwards) {
  EXPECT_EQ(Run(RunUpdate, {"UPDATE", "STREAM", "demo", "--set", "description=ours", "--clear", "schema"}), kExitOk);
  EXPECT_THAT(Sent().update_mask().paths(), ElementsAre("description", "schema"));
  EXPECT_EQ(Sent().stream().name(), "demo");
  EXPECT_EQ(Sent().stream().description(), "ours");
  EXPECT_EQ(Sent().stream().etag(), "");
  EXPECT_FALSE(Sent().stream().has_status());
  EXPECT_FALSE(Sent().validate_only());
  EXPECT_THAT(printed(), StartsWith("updated demo: description\ndemo\n"));
  EXPECT_THAT(printed(), HasSubstr("labels       old=x"));
}

TEST_F(Update, AKeyOfAMapIsChangedInWhatWasReadAndGuardedByItsEtag) {
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set", "labels.site=berlin"}), kExitOk);
  EXPECT_EQ(Sent().stream().labels().size(), 2U);
  EXPECT_EQ(Sent().stream().labels().at("old"), "x");
  EXPECT_EQ(Sent().stream().etag(), "e1");
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set", "labels.site=berlin", "--etag", "mine"}), kExitOk);
  EXPECT_EQ(Sent().stream().etag(), "mine");
}

TEST_F(Update, ASecretThatReadsTheSameIsToldByTheEtag) {
  (*present_.mutable_settings()->mutable_request_header())["X"] = "<redacted>";
  script().Answer("GetStream", present_);
  after_ = present_;
  after_.set_etag("e2");
  script().Answer("UpdateStream", after_);
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set", "settings.requestHeader.X=y"}), kExitOk);
  EXPECT_THAT(printed(), StartsWith("updated demo: settings.requestHeader.X (a secret)\n"));
  script().Answer("UpdateStream", present_);
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set", "settings.requestHeader.X=y"}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("\ndemo is as it was\n"));
}

TEST_F(Update, ADryRunTellsWhatWouldBe) {
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set", "description=ours", "--dry-run"}), kExitOk);
  EXPECT_TRUE(Sent().validate_only());
  EXPECT_THAT(printed(), StartsWith("would update demo: description\ndemo\n"));
  EXPECT_THAT(printed(), Not(HasSubstr("state")));
  EXPECT_THAT(printed(), Not(HasSubstr("received")));
}

TEST_F(Update, ASecretIsNamedBesideWhatElseChanges) {
  present_.mutable_settings()->add_bearer_tokens("<redacted>");
  script().Answer("GetStream", present_);
  *after_.mutable_settings() = present_.settings();
  script().Answer("UpdateStream", after_);
  const std::string token = R"(settings.bearerTokens=["hush"])";
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set", "description=ours", "--set", token}), kExitOk);
  EXPECT_THAT(printed(), StartsWith("updated demo: description, settings.bearerTokens (a secret, sent)\n"));
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set", "description=ours", "--set", token, "--dry-run"}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("would update demo: description, settings.bearerTokens (a secret, not compared)\n"));
  script().Answer("UpdateStream", present_);
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set", token, "--dry-run"}), kExitOk);
  EXPECT_THAT(printed(),
              HasSubstr("demo would stay as it is, unless a secret is another one: settings.bearerTokens\n"));
  EXPECT_THAT(printed(), Not(HasSubstr("hush")));
}

TEST_F(Update, JsonIsTheStreamAlone) {
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set", "description=ours", "--json"}), kExitOk);
  EXPECT_THAT(printed(), StartsWith("{\n \"name\": \"demo\""));
}

TEST_F(Update, AMissingStreamIsMadeOnlyIfThatIsAllowed) {
  script().Fail("GetStream", Failure(grpc::StatusCode::NOT_FOUND, "STREAM_UNKNOWN", "there is no stream"));
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set", "description=ours"}), kExitError);
  EXPECT_THAT(script().Methods(), ElementsAre("GetStream"));
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set", "description=ours", "--allow-missing"}), kExitOk);
  EXPECT_TRUE(Sent().allow_missing());
  EXPECT_THAT(printed(), StartsWith("created demo\n"));
}

TEST_F(Update, AFileHoldsFieldsOfThisStream) {
  const std::string path = File("update.yaml", "name: demo\ndescription: ours\n");
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--from-file", path}), kExitOk);
  EXPECT_THAT(Sent().update_mask().paths(), ElementsAre("description"));
  EXPECT_EQ(Run(RunUpdate, {"update", "other", "--from-file", path}), kExitUsage);
  File("update.yaml", "descriptio: ours\n");
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--from-file", path}), kExitUsage);
  File("update.yaml", "name: demo\n");
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--from-file", path}), kExitUsage);
  EXPECT_EQ(script().Requests<v1::UpdateStreamRequest>("UpdateStream").size(), 1U);
}

TEST_F(Update, TheServicesErrorIsExitCode1) {
  script().Fail("UpdateStream", Failure(grpc::StatusCode::ABORTED, "ETAG_MISMATCH", "somebody was faster"));
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set", "description=ours", "--etag", "old"}), kExitError);
  EXPECT_EQ(printed(), "");
}

TEST_F(Update, WrongCommandLinesCallNobody) {
  EXPECT_EQ(Run(RunUpdate, {"update", "demo"}), kExitUsage);
  EXPECT_THAT(complaint(), HasSubstr("nothing to change; give --set, --clear or --from-file"));
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set", "descripton=x"}), kExitUsage);
  EXPECT_THAT(complaint(), HasSubstr("did you mean \"description\"?"));
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set", "name=x"}), kExitUsage);
  EXPECT_EQ(Run(RunUpdate, {"update"}), kExitUsage);
  EXPECT_EQ(Run(RunUpdate, {"update", "demo", "--set"}), kExitUsage);
  EXPECT_TRUE(script().Methods().empty());
}

}  // namespace
}  // namespace inlet::cli
