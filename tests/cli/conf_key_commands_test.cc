// inletctl conf-keys and conf-key: command lines, calls, what they tell.
#include <gmock/gmock.h>

#include "tests/cli/command_test.h"

namespace inlet::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class ConfKeys : public CommandTest {
 protected:
  ConfKeys() {
    present_.set_name("exchange");
    present_.set_etag("e1");
    present_.set_layer(v1::ConfKey::API);
    present_.mutable_settings()->set_addr("a:1");
    (*present_.mutable_settings()->mutable_request_header())["X"] = "<redacted>";
    present_.add_streams("btc");
    script().Answer("GetConfKey", present_);
    v1::PutConfKeyResponse response;
    *response.mutable_conf_key() = present_;
    response.mutable_conf_key()->set_etag("e2");
    response.mutable_conf_key()->mutable_settings()->set_scheme("wss");
    response.add_reconnecting_streams("btc");
    script().Answer("PutConfKey", response);
  }

  v1::PutConfKeyRequest Sent() { return script().Requests<v1::PutConfKeyRequest>("PutConfKey").back(); }

  v1::ConfKey present_;
};

TEST_F(ConfKeys, AreListedWithWhoUsesThem) {
  v1::ListConfKeysResponse page;
  *page.add_conf_keys() = present_;
  page.set_next_page_token("x");
  script().Queue("ListConfKeys", page);
  page.clear_next_page_token();
  page.mutable_conf_keys(0)->set_name("file");
  page.mutable_conf_keys(0)->set_layer(v1::ConfKey::CONFIG_FILE);
  page.mutable_conf_keys(0)->set_file_error("line 3");
  script().Queue("ListConfKeys", page);
  EXPECT_EQ(Run(RunConfKeys, {"conf-keys"}), kExitOk);
  EXPECT_EQ(printed(),
            "NAME      FROM  STREAMS  UPDATED  ERROR OF THE FILE\nexchange  API         1\n"
            "file      file        1           line 3\n");
}

TEST_F(ConfKeys, NamesAreForCompletion) {
  v1::ListConfKeysResponse page;
  *page.add_conf_keys() = present_;
  script().Answer("ListConfKeys", page);
  EXPECT_EQ(Run(RunConfKeys, {"conf-keys", "--names"}), kExitOk);
  EXPECT_EQ(printed(), "exchange\n");
}

TEST_F(ConfKeys, GetShowsTheSettingsAsAFileHasThem) {
  EXPECT_EQ(Run(RunConfKey, {"Conf-Key", "Get", "exchange"}), kExitOk);
  EXPECT_THAT(printed(), StartsWith("exchange\n  from     API\n  used by  btc\n  etag     e1\n  settings\n"));
  EXPECT_THAT(printed(), HasSubstr("    addr: \"a:1\"\n    requestHeader:\n      X: \"<redacted>\"\n"));
}

TEST_F(ConfKeys, PutChangesWhatIsNamedAndNamesWhoReconnects) {
  EXPECT_EQ(Run(RunConfKey, {"conf-key", "put", "exchange", "scheme=wss", "pingInterval=5s"}), kExitOk);
  EXPECT_EQ(Sent().conf_key().settings().addr(), "a:1");
  EXPECT_EQ(Sent().conf_key().settings().request_header().at("X"), "<redacted>");
  EXPECT_EQ(Sent().conf_key().settings().ping_interval().seconds(), 5);
  EXPECT_EQ(Sent().conf_key().etag(), "e1");
  EXPECT_EQ(printed(), "updated exchange: scheme\nreconnecting btc\n");
}

TEST_F(ConfKeys, WithReplaceAndFromAFileTheRestIsUnset) {
  EXPECT_EQ(Run(RunConfKey, {"conf-key", "put", "exchange", "scheme=wss", "--replace", "--etag", "mine"}), kExitOk);
  EXPECT_FALSE(Sent().conf_key().settings().has_addr());
  EXPECT_EQ(Sent().conf_key().etag(), "mine");
  const std::string path = File("conf_key.yaml", "scheme: wss\nopenMessages: [hello]\n");
  EXPECT_EQ(Run(RunConfKey, {"conf-key", "put", "exchange", "--from-file", path}), kExitOk);
  EXPECT_FALSE(Sent().conf_key().settings().has_addr());
  EXPECT_THAT(Sent().conf_key().settings().open_messages(), ElementsAre("hello"));
  EXPECT_EQ(Sent().conf_key().etag(), "");
}

TEST_F(ConfKeys, ADryRunAndAFreshKeyAreToldAsWhatTheyAre) {
  EXPECT_EQ(Run(RunConfKey, {"conf-key", "put", "exchange", "scheme=wss", "--dry-run"}), kExitOk);
  EXPECT_TRUE(Sent().validate_only());
  EXPECT_EQ(printed(), "would update exchange: scheme\nwould reconnect btc\n");
  script().Fail("GetConfKey", Failure(grpc::StatusCode::NOT_FOUND, "CONF_KEY_UNKNOWN", "there is no conf key"));
  EXPECT_EQ(Run(RunConfKey, {"conf-key", "put", "exchange", "scheme=wss"}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("\ncreated exchange\n"));
}

TEST_F(ConfKeys, DeleteIsOneCall) {
  script().Answer("DeleteConfKey", v1::DeleteConfKeyResponse());
  EXPECT_EQ(Run(RunConfKey, {"conf-key", "delete", "exchange", "--etag", "e1"}), kExitOk);
  EXPECT_EQ(printed(), "deleted exchange\n");
  EXPECT_EQ(script().Requests<v1::DeleteConfKeyRequest>("DeleteConfKey").at(0).etag(), "e1");
  script().Fail("DeleteConfKey", Failure(grpc::StatusCode::FAILED_PRECONDITION, "CONF_KEY_IN_USE", "in use"));
  EXPECT_EQ(Run(RunConfKey, {"conf-key", "delete", "exchange"}), kExitError);
}

TEST_F(ConfKeys, WrongCommandLinesCallNobody) {
  const std::vector<std::vector<std::string>> wrong = {
      {"conf-key"},
      {"conf-key", "get"},
      {"conf-key", "put", "exchange"},
      {"conf-key", "put", "exchange", "pingIntervall=5s"},
      {"conf-key", "put", "exchange", "scheme=wss", "--from-file", "x"},
      {"conf-key", "get", "exchange", "scheme=wss"},
      {"conf-key", "delete", "exchange", "--dry-run"},
  };
  for (const auto& arguments : wrong) EXPECT_EQ(Run(RunConfKey, arguments), kExitUsage) << arguments.back();
  EXPECT_EQ(Run(RunConfKey, {"conf-key", "puut", "exchange"}), kExitUsage);
  EXPECT_THAT(complaint(), HasSubstr("did you mean \"put\"?"));
  EXPECT_TRUE(script().Methods().empty());
}

}  // namespace
}  // namespace inlet::cli
