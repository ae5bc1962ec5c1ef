// Which secrets of a stream an update keeps: none goes to a place that it was not written for.
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "service/stream_update.h"
#include "tests/service/registry_fixture.h"

namespace inlet::service {
namespace {

using testing::HasSubstr;
using testing::Not;

class UpdateSecrets : public RegistryFixture {
 protected:
  UpdateSecrets() {
    v1::SourceSettings feed;
    feed.set_addr("feed.example.com");
    EXPECT_TRUE(keys_.Set("feed", feed, "websocket.yaml:1").ok());
    feed.set_addr("other.example.com");
    EXPECT_TRUE(keys_.Set("other", feed, "websocket.yaml:5").ok());
  }

  static v1::Stream Read(const std::string& text) {
    v1::Stream stream;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &stream)) << text;
    stream.set_name("demo");
    return stream;
  }
  absl::StatusOr<StreamPlan> PlanIt(const v1::CreateStreamRequest& request) const {
    PlanRules rules;
    rules.allow_proxy = true;
    return PlanStream(request, keys_, rules);
  }
  void Make(const std::string& definition) {
    v1::CreateStreamRequest request;
    *request.mutable_stream() = Read(definition);
    const auto plan = PlanIt(request);
    ASSERT_TRUE(plan.ok()) << plan.status();
    ASSERT_TRUE(registry_->Create(*plan, {}).ok());
  }
  // "" if it was taken, else the field at fault.
  std::string Update(const std::string& definition, const std::vector<std::string>& mask = {}) {
    v1::UpdateStreamRequest request;
    *request.mutable_stream() = Read(definition);
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    const auto plan = [this](const v1::CreateStreamRequest& creation) { return PlanIt(creation); };
    const absl::Status status = UpdateStream(*registry_, plan, {}, request).status();
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("hush")));
    return status.ok() ? "" : GetErrorDetail(status).field;
  }
  v1::Stream Now() const { return (*registry_->Get("demo"))->definition.Unpack(); }

  config::ConfKeys keys_;
};

TEST_F(UpdateSecrets, WhatIsLeftOutStaysInItsPlace) {
  Make(R"(datasource: "ws://feed.example.com/a?token=hush" settings {
            request_header { key: "X-Key" value: "hush" } proxy_url: "http://u:hush@proxy:1" })");
  EXPECT_EQ(Update(R"(description: "new" settings { ping_interval { seconds: 5 } })"), "");
  EXPECT_EQ(Now().datasource(), "ws://feed.example.com/a?token=hush");
  EXPECT_EQ(Now().settings().request_header().at("X-Key"), "hush");
  EXPECT_EQ(Now().settings().proxy_url(), "http://u:hush@proxy:1");
}

TEST_F(UpdateSecrets, ASecretThatIsLeftOutIsNotSentToAnotherServer) {
  Make(R"(datasource: "/a" settings { addr: "feed.example.com" request_header { key: "X-Key" value: "hush" } })");
  EXPECT_EQ(Update(R"(settings { addr: "evil" })"), "stream.settings.requestHeader");
  EXPECT_EQ(Update(R"(settings { addr: "evil" })", {"settings.addr"}), "stream.settings.requestHeader");
  EXPECT_EQ(Update(R"(settings { scheme: "wss" })"), "stream.settings.requestHeader");
  EXPECT_EQ(Update(R"(settings { proxy_url: "http://evil:1" })"), "stream.settings.requestHeader");
  EXPECT_EQ(Update(R"(datasource: "ws://evil/a")", {"datasource", "settings.addr"}), "stream.settings.requestHeader");
  EXPECT_EQ(Update(R"(conf_key: "other")", {"conf_key", "settings.addr"}), "stream.settings.requestHeader");
  EXPECT_EQ(Now().settings().addr(), "feed.example.com");
}

TEST_F(UpdateSecrets, ASecretOfTheUrlOrTheProxyIsNotSentToAnotherServer) {
  Make(R"(datasource: "/a?token=hush" settings { addr: "feed.example.com" })");
  EXPECT_EQ(Update(R"(settings { addr: "evil" })"), "stream.datasource");
  EXPECT_EQ(Update(R"(datasource: "/b" settings { addr: "evil" })"), "");
  EXPECT_EQ(Update(R"(settings { addr: "feed.example.com" proxy_url: "http://u:hush@proxy:1" })"), "");
  EXPECT_EQ(Update(R"(settings { addr: "evil" })"), "stream.settings.proxyUrl");
}

TEST_F(UpdateSecrets, WhatIsGivenAnewOrClearedMayGoElsewhere) {
  Make(R"(datasource: "/a" settings { addr: "feed.example.com" request_header { key: "X-Key" value: "hush" } })");
  EXPECT_EQ(Update(R"(settings { addr: "moved" request_header { key: "X-Key" value: "hush" } })"), "");
  EXPECT_EQ(Now().settings().request_header().at("X-Key"), "hush");
  EXPECT_EQ(Update(R"(settings { addr: "other" })", {"settings.addr", "settings.request_header"}), "");
  EXPECT_EQ(Now().settings().request_header_size(), 0);
}

TEST_F(UpdateSecrets, ReferencesAreNoSecretsAndGoAlong) {
  Make(R"(datasource: "/a?t=${env:INLET_SECRET_T}" settings {
            addr: "feed.example.com" request_header { key: "X-Key" value: "Bearer ${env:INLET_SECRET_K}" } })");
  EXPECT_EQ(Update(R"(settings { addr: "other" })"), "");
  EXPECT_EQ(Now().settings().request_header().at("X-Key"), "Bearer ${env:INLET_SECRET_K}");
}

TEST_F(UpdateSecrets, AConfKeyOfTheSamePlaceKeepsThem) {
  Make(R"(conf_key: "feed" settings { request_header { key: "X-Key" value: "hush" } })");
  EXPECT_EQ(Update(R"(conf_key: "other")"), "stream.settings.requestHeader");
  EXPECT_EQ(Update(R"(conf_key: "default" settings { addr: "feed.example.com" })"), "");
  EXPECT_EQ(Now().settings().request_header().at("X-Key"), "hush");
}

// Where it went before is not known: its conf key is gone.
TEST_F(UpdateSecrets, AStreamThatNeverRanKeepsThemUnlessItSaysAnotherPlace) {
  StoredDefinitions stored;
  StoredStream& stream = stored.streams.emplace_back();
  stream.definition = Read(R"(conf_key: "bad" settings { request_header { key: "X-Key" value: "hush" } })");
  registry_->Restore(stored);
  EXPECT_EQ(Update(R"(conf_key: "other")"), "stream.settings.requestHeader");
  v1::SourceSettings back;
  back.set_addr("feed.example.com");
  ASSERT_TRUE(keys_.Set("bad", back, "websocket.yaml:9").ok());
  EXPECT_EQ(Update(R"(description: "mended")"), "");
  EXPECT_EQ(Now().settings().request_header().at("X-Key"), "hush");
}

}  // namespace
}  // namespace inlet::service
