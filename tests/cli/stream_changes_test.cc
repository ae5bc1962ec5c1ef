// What update and conf-key put change, said on the command line or in a file.
#include "cli/stream_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/field_path.h"
#include "cli/words.h"

namespace inlet::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string SetError(const std::string& assignment) {
  StreamChanges changes;
  return ToText(changes.Set("--set", assignment));
}

v1::Stream Applied(const StreamChanges& changes, const v1::Stream& present = {}) {
  v1::Stream stream = present;
  changes.ApplyTo(stream);
  return stream;
}

TEST(StreamChanges, AValueIsReadAsInAFile) {
  StreamChanges changes;
  ASSERT_TRUE(changes.Set("--set", "settings.pingInterval=500ms").ok());
  ASSERT_TRUE(changes.Set("--set", "retention.max_bytes=64MiB").ok());
  ASSERT_TRUE(changes.Set("--set", "recordOrigin=true").ok());
  ASSERT_TRUE(changes.Set("--set", "description=a: b, {c}").ok());
  ASSERT_TRUE(changes.Set("--set", "settings.subprotocols=[a, \"b\"]").ok());
  ASSERT_TRUE(changes.Set("--set", "schema={\"columns\": [{name: id, type: BIGINT}], strict: true}").ok());
  EXPECT_THAT(changes.mask(), ElementsAre("settings.ping_interval", "retention.max_bytes", "record_origin",
                                          "description", "settings.subprotocols", "schema"));
  const v1::Stream stream = Applied(changes);
  EXPECT_EQ(stream.settings().ping_interval().nanos(), 500'000'000);
  EXPECT_EQ(stream.retention().max_bytes(), 64U << 20U);
  EXPECT_TRUE(stream.record_origin());
  EXPECT_EQ(stream.description(), "a: b, {c}");
  EXPECT_THAT(stream.settings().subprotocols(), ElementsAre("a", "b"));
  EXPECT_EQ(stream.schema().columns(0).type(), "BIGINT");
  EXPECT_FALSE(changes.NeedsPresent());
}

TEST(StreamChanges, AnEmptyTextIsAValueAndClearIsNone) {
  StreamChanges changes;
  ASSERT_TRUE(changes.Set("--set", "settings.addr=").ok());
  ASSERT_TRUE(changes.Clear("--clear", "settings.scheme").ok());
  v1::Stream present;
  present.mutable_settings()->set_addr("a:1");
  present.mutable_settings()->set_scheme("wss");
  const v1::Stream stream = Applied(changes, present);
  EXPECT_TRUE(stream.settings().has_addr());
  EXPECT_EQ(stream.settings().addr(), "");
  EXPECT_FALSE(stream.settings().has_scheme());
  EXPECT_THAT(changes.mask(), ElementsAre("settings.addr", "settings.scheme"));
}

TEST(StreamChanges, OneKeyOfAMapChangesAndTheOthersStay) {
  StreamChanges changes;
  ASSERT_TRUE(changes.Set("--set", "labels.site=berlin").ok());
  ASSERT_TRUE(changes.Set("--set", "labels.team.name=a=b").ok());
  ASSERT_TRUE(changes.Clear("--clear", "labels.old").ok());
  ASSERT_TRUE(changes.Set("--set", "settings.requestHeader.X-Key=k").ok());
  v1::Stream present;
  (*present.mutable_labels())["site"] = "rome";
  (*present.mutable_labels())["old"] = "x";
  (*present.mutable_labels())["kept"] = "y";
  const v1::Stream stream = Applied(changes, present);
  EXPECT_EQ(stream.labels().size(), 3U);
  EXPECT_EQ(stream.labels().at("site"), "berlin");
  EXPECT_EQ(stream.labels().at("team.name"), "a=b");
  EXPECT_EQ(stream.labels().at("kept"), "y");
  EXPECT_EQ(stream.settings().request_header().at("X-Key"), "k");
  EXPECT_THAT(changes.mask(), ElementsAre("labels", "settings.request_header"));
  EXPECT_TRUE(changes.NeedsPresent());
}

TEST(StreamChanges, AMapAsAWholeReplacesWhatIsThere) {
  StreamChanges changes;
  ASSERT_TRUE(changes.Set("--set", "labels={site: berlin}").ok());
  v1::Stream present;
  (*present.mutable_labels())["old"] = "x";
  const v1::Stream stream = Applied(changes, present);
  EXPECT_EQ(stream.labels().size(), 1U);
  EXPECT_EQ(stream.labels().at("site"), "berlin");
}

TEST(StreamChanges, AFileSaysWhichFieldsChange) {
  StreamChanges changes;
  ASSERT_TRUE(
      changes.Read("f.yaml", "name: demo\ndescription: ours\nsettings: {pingInterval: 5s, addr: ''}\nlabels:\n  a: b\n")
          .ok());
  EXPECT_EQ(changes.name(), "demo");
  EXPECT_THAT(changes.mask(), ElementsAre("description", "settings.ping_interval", "settings.addr", "labels"));
  v1::Stream present;
  present.set_name("demo");
  present.mutable_settings()->set_scheme("wss");
  const v1::Stream stream = Applied(changes, present);
  EXPECT_EQ(stream.settings().scheme(), "wss");
  EXPECT_EQ(stream.settings().ping_interval().seconds(), 5);
}

TEST(StreamChanges, ThoseOfAConfKeyAreBelowSettings) {
  StreamChanges changes("settings");
  ASSERT_TRUE(changes.Set("setting", "pingInterval=5s").ok());
  ASSERT_TRUE(changes.Set("setting", "requestHeader.X=y").ok());
  EXPECT_THAT(changes.mask(), ElementsAre("settings.ping_interval", "settings.request_header"));
  StreamChanges file("settings");
  ASSERT_TRUE(file.Read("f.yaml", "addr: a:1\nrequestHeader: {X: y}\n").ok());
  EXPECT_THAT(file.mask(), ElementsAre("settings.addr", "settings.request_header"));
  EXPECT_EQ(Applied(file).settings().request_header().at("X"), "y");
}

TEST(StreamChanges, MistakesAreToldWithTheNearestName) {
  EXPECT_EQ(SetError("settings.pingIntervall=5s"),
            "--set: unknown key \"pingIntervall\" in settings; did you mean \"pingInterval\"?");
  EXPECT_THAT(SetError("labls={}"), HasSubstr("did you mean \"labels\"?"));
  EXPECT_THAT(SetError("settings.pingInterval=soon"), HasSubstr("--set: settings.pingInterval: expected a duration"));
  EXPECT_EQ(SetError("status.state=PAUSED"), "--set: status: the service tells it; it cannot be set");
  EXPECT_EQ(SetError("etag=1"), "--set: etag: the service tells it; it cannot be set");
  EXPECT_EQ(SetError("description.x=1"), "--set: description: there is nothing below it: x");
  EXPECT_EQ(SetError("description"), "--set: found \"description\"; give FIELD=VALUE");
  EXPECT_EQ(SetError("=5"), "--set: found \"=5\"; give FIELD=VALUE");
  EXPECT_THAT(SetError("labels={a: b"), HasSubstr("--set"));
}

TEST(StreamChanges, AFieldIsGivenOnce) {
  StreamChanges changes;
  ASSERT_TRUE(changes.Set("--set", "settings.pingInterval=5s").ok());
  EXPECT_EQ(ToText(changes.Set("--set", "settings.ping_interval=6s")),
            "--set: settings.ping_interval: it is given twice");
  EXPECT_FALSE(changes.Clear("--clear", "settings.pingInterval").ok());
}

TEST(DifferingPaths, NameTheFieldsAsJsonSpellsThem) {
  v1::Stream one;
  one.mutable_settings()->mutable_ping_interval()->set_seconds(5);
  (*one.mutable_labels())["a"] = "b";
  v1::Stream other = one;
  EXPECT_THAT(DifferingPaths(one, other), IsEmpty());
  other.mutable_settings()->mutable_ping_interval()->set_seconds(6);
  other.mutable_settings()->set_addr("");
  (*other.mutable_labels())["a"] = "c";
  other.mutable_retention();
  EXPECT_THAT(DifferingPaths(one, other), ElementsAre("settings.pingInterval", "settings.addr", "retention", "labels"));
}

}  // namespace
}  // namespace inlet::cli
