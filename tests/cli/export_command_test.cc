// inletctl export: which definitions it writes, and that they read back.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "service/config/definition_reader.h"
#include "tests/cli/command_test.h"

namespace inlet::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Export : public CommandTest {
 protected:
  Export() {
    v1::ListConfKeysResponse keys;
    AddKey(keys, "exchange", v1::ConfKey::API)->mutable_settings()->set_addr("a:1");
    AddKey(keys, "empty", v1::ConfKey::API);
    AddKey(keys, "from-file", v1::ConfKey::CONFIG_FILE);
    script().Answer("ListConfKeys", keys);
    v1::ListStreamsResponse page;
    *page.add_streams() = Btc();
    page.set_next_page_token("demo");
    script().Queue("ListStreams", page);
    page.clear_next_page_token();
    page.mutable_streams(0)->set_name("demo");
    page.mutable_streams(0)->clear_conf_key();
    script().Queue("ListStreams", page);
    script().Answer("GetStream", Btc());
  }

  static v1::ConfKey* AddKey(v1::ListConfKeysResponse& keys, const std::string& name, v1::ConfKey::Layer layer) {
    v1::ConfKey* key = keys.add_conf_keys();
    key->set_name(name);
    key->set_layer(layer);
    return key;
  }

  static v1::Stream Btc() {
    v1::Stream stream;
    stream.set_name("btc");
    stream.set_conf_key("exchange");
    stream.set_datasource("/ws");
    (*stream.mutable_settings()->mutable_request_header())["X"] = "<redacted>";
    stream.set_sql("CREATE STREAM btc ...");
    stream.set_etag("e");
    stream.set_role(v1::Stream::CLIENT);
    stream.mutable_status()->set_records(1);
    stream.mutable_effective_settings()->set_addr("a:1");
    return stream;
  }
};

TEST_F(Export, IsAllDefinitionsAndNothingOfWhatTheServiceTells) {
  EXPECT_EQ(Run(RunExport, {"export"}), kExitOk);
  EXPECT_EQ(printed(),
            "# For inletctl apply -f. A file of streams.dir takes the streams alone: conf keys belong in "
            "sources/websocket.yaml.\n"
            "confKeys:\n  exchange:\n    addr: \"a:1\"\n  empty: {}\n"
            "streams:\n"
            "  - name: btc\n    datasource: /ws\n    confKey: exchange\n    settings:\n      requestHeader:\n"
            "        X: \"<redacted>\"\n"
            "  - name: demo\n    datasource: /ws\n    settings:\n      requestHeader:\n        X: \"<redacted>\"\n");
}

TEST_F(Export, ReadsBack) {
  EXPECT_EQ(Run(RunExport, {"export"}), kExitOk);
  const auto read = config::ReadDefinitions("f", printed());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->streams.size(), 2U);
  EXPECT_EQ(read->conf_keys.size(), 2U);
}

TEST_F(Export, NamedStreamsComeWithTheConfKeysThatTheyNeed) {
  EXPECT_EQ(Run(RunExport, {"export", "btc"}), kExitOk);
  EXPECT_THAT(printed(), HasSubstr("exchange"));
  EXPECT_THAT(printed(), Not(HasSubstr("empty")));
  EXPECT_THAT(script().Methods(), ElementsAre("GetStream", "ListConfKeys"));
}

TEST_F(Export, AFileIsWrittenAndOneThatCannotBeIsAnError) {
  const std::string path = File("export.yaml");
  EXPECT_EQ(Run(RunExport, {"export", "btc", "-o", path}), kExitOk);
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  EXPECT_THAT(text, HasSubstr("- name: btc"));
  EXPECT_EQ(printed(), "");
  EXPECT_EQ(Run(RunExport, {"export", "btc", "-o", "/nowhere/export.yaml"}), kExitError);
}

TEST_F(Export, AServiceWithoutStreamsGivesAnEmptyList) {
  script().Answer("ListConfKeys", v1::ListConfKeysResponse());
  Run(RunExport, {"export"});  // the pages that were queued
  const size_t before = printed().size();
  script().Answer("ListStreams", v1::ListStreamsResponse());
  EXPECT_EQ(Run(RunExport, {"export"}), kExitOk);
  EXPECT_EQ(printed().substr(before), "# For inletctl apply -f, and for a file of streams.dir.\nstreams: []\n");
}

TEST_F(Export, AnErrorOfTheServiceIsExitCode1) {
  script().Fail("GetStream", {grpc::StatusCode::NOT_FOUND, "there is no stream"});
  EXPECT_EQ(Run(RunExport, {"export", "nope"}), kExitError);
  EXPECT_EQ(printed(), "");
}

}  // namespace
}  // namespace inlet::cli
