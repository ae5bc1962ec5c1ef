// Conf keys change all together with the streams that take them, or not at all.
#include "service/conf_key_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "ingest/error.h"
#include "tests/service/conf_key_fixture.h"

namespace inlet::service {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(ConfKeyRegistryTest, AKeyThatIsPutHidesTheFilesSectionAsAWholeUntilItIsDeleted) {
  ASSERT_TRUE(Put("feed", MaxMessageBytes(7)).ok());
  EXPECT_TRUE(Entry("feed").from_api);
  EXPECT_EQ(registry_.snapshot()->settings.Effective("feed", {}, "s")->max_message_bytes(), 7U);
  EXPECT_EQ(registry_.snapshot()->settings.Effective("feed", {}, "s")->addr(), "");
  ASSERT_TRUE(registry_.Delete("feed", "").ok());
  EXPECT_FALSE(Entry("feed").from_api);
  EXPECT_EQ(registry_.snapshot()->settings.Effective("feed", {}, "s")->addr(), "feed.example.com");
}

TEST_F(ConfKeyRegistryTest, WhatIsPutIsInTheStoreAndComesBackFromIt) {
  ASSERT_TRUE(Put("mine", Header("Bearer 1")).ok());
  ASSERT_EQ(store_.conf_keys().size(), 1U);
  EXPECT_EQ(store_.conf_keys().at("mine").settings.request_header().at("Authorization"), "Bearer 1");
  ConfKeyRegistry again(file_, Options());
  again.Restore({store_.conf_keys().at("mine")});
  const auto snapshot = again.snapshot();
  EXPECT_EQ(snapshot->entries.find("mine")->second.etag(), Entry("mine").etag());
  ASSERT_TRUE(registry_.Delete("mine", "").ok());
  EXPECT_THAT(store_.conf_keys(), IsEmpty());
}

TEST_F(ConfKeyRegistryTest, IfTheStoreFailsNothingHasChanged) {
  AddStream("a", "feed");
  store_.Break();
  EXPECT_EQ(Reason(Put("feed", Header("Bearer 2")).status()), "STORE_UNAVAILABLE");
  EXPECT_FALSE(Entry("feed").from_api);
  EXPECT_THAT(applied_, IsEmpty());
  store_.Break(false);
  ASSERT_TRUE(Put("feed", Header("Bearer 2")).ok());
  store_.Break();
  EXPECT_TRUE(absl::IsUnavailable(registry_.Delete("feed", "")));
  EXPECT_TRUE(Entry("feed").from_api);
}

TEST_F(ConfKeyRegistryTest, EveryStreamThatTakesTheKeyGetsTheOtherSettings) {
  AddStream("a", "feed");
  AddStream("b", "");
  AddStream("c", "feed");
  const auto changed = Put("feed", Header("Bearer 2"));
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_THAT(changed->reconnecting, ElementsAre("a", "c"));
  EXPECT_EQ(std::get<ingest::ClientRole>(applied_["c"].role).headers[0].value, "Bearer 2");
}

TEST_F(ConfKeyRegistryTest, EveryStreamTakesTheDefault) {
  AddStream("a", "feed");
  AddStream("b", "");
  AddStream("c", "default");
  ASSERT_TRUE(Put("default", MaxMessageBytes(77)).ok());
  ASSERT_EQ(applied_.size(), 3U);
  for (const auto& [name, spec] : applied_) EXPECT_EQ(spec.max_message_bytes, 77U) << name;
}

TEST_F(ConfKeyRegistryTest, AStreamThatDoesNotFitIsNamedAndNothingHasChanged) {
  AddStream("a", "feed");
  v1::Stream odd;
  odd.set_name("odd");
  odd.set_conf_key("feed");
  odd.mutable_settings()->mutable_backoff_initial()->set_seconds(20);
  streams_["odd"] = std::make_shared<const StreamEntry>(StreamEntry{{odd, odd}, {}});
  v1::SourceSettings settings = Header("Bearer 2");
  settings.mutable_backoff_max()->set_seconds(10);
  const absl::Status status = Put("feed", settings).status();
  EXPECT_THAT(Text(status), HasSubstr(R"(stream "odd" does not fit: )"));
  EXPECT_EQ(Field(status), "conf_key.settings.backoffInitial");
  EXPECT_FALSE(Entry("feed").from_api);
  EXPECT_THAT(applied_, IsEmpty());
  EXPECT_THAT(store_.conf_keys(), IsEmpty());
}

TEST_F(ConfKeyRegistryTest, AStreamThatTheKeysOwnSettingDoesNotFitNamesThatSetting) {
  AddStream("a", "feed");
  v1::SourceSettings settings = Header("Bearer 2");
  settings.set_heartbeat_message("x");
  const absl::Status status = Put("feed", settings).status();
  EXPECT_THAT(Text(status), HasSubstr(R"(stream "a" does not fit: conf key "feed": heartbeatInterval: is missing)"));
  EXPECT_EQ(Field(status), "conf_key.settings.heartbeatInterval");
}

TEST_F(ConfKeyRegistryTest, AKeyThatNoStreamTakesIsCheckedAlone) {
  v1::SourceSettings settings;
  settings.set_root_ca_raw("garbage");
  EXPECT_EQ(Reason(Put("x", settings).status()), "TLS_MATERIAL_INVALID");
  EXPECT_EQ(Field(Put("x", settings).status()), "conf_key.settings.rootCARaw");
  settings.set_root_ca_raw("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  EXPECT_EQ(Reason(Put("x", settings).status()), "TLS_MATERIAL_INVALID");
  settings.Clear();
  settings.set_certification_raw("${env:INLET_SECRET_A}");  // "secret"
  EXPECT_EQ(Field(Put("x", settings).status()), "conf_key.settings.certificationRaw");
  settings.Clear();
  settings.set_private_key_raw("-----BEGIN PRIVATE KEY-----\nS3cr3t");
  EXPECT_THAT(Text(Put("x", settings).status()), HasSubstr("conf_key.settings.privateKeyRaw holds no private key"));
  settings.Clear();
  settings.set_proxy_url("http://proxy:3128");
  EXPECT_EQ(Reason(Put("x", settings).status()), "TARGET_FORBIDDEN");
  EXPECT_EQ(Field(Put("x", settings).status()), "conf_key.settings.proxyUrl");
  EXPECT_THAT(store_.conf_keys(), IsEmpty());
}

TEST_F(ConfKeyRegistryTest, AStreamWithAFaultOfItsOwnHoldsUpNothing) {
  AddStream("a", "feed");
  AddStream("odd", "gone");
  EXPECT_TRUE(Put("default", MaxMessageBytes(77)).ok());
  EXPECT_EQ(applied_.size(), 1U);
  EXPECT_EQ(applied_["a"].max_message_bytes, 77U);
  config::ConfKeys edited = file_;
  ASSERT_TRUE(edited.Set("default", MaxMessageBytes(78), "w.yaml:1").ok());
  EXPECT_TRUE(registry_.ReplaceFile(edited).ok());
  ASSERT_TRUE(Put("gone", {}).ok());
  EXPECT_EQ(applied_["odd"].max_message_bytes, 77U);
}

TEST_F(ConfKeyRegistryTest, ValidateOnlyChecksAllAndChangesNothing) {
  AddStream("a", "feed");
  const auto changed = Put("feed", Header("Bearer 2"), "", true);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_THAT(changed->reconnecting, ElementsAre("a"));
  EXPECT_TRUE(changed->entry.from_api);
  EXPECT_FALSE(Entry("feed").from_api);
  EXPECT_THAT(applied_, IsEmpty());
  EXPECT_THAT(store_.conf_keys(), IsEmpty());
  apply_status_ = MakeError(absl::StatusCode::kFailedPrecondition, "conflict", {"ENDPOINT_CONFLICT", {}, "", {}});
  EXPECT_EQ(Reason(Put("feed", Header("Bearer 3"), "", true).status()), "ENDPOINT_CONFLICT");
}

TEST_F(ConfKeyRegistryTest, OnlyThePresentEtagFits) {
  const std::string of_file = Entry("feed").etag();
  ASSERT_TRUE(Put("feed", Header("Bearer 2"), of_file).ok());
  const absl::Status stale = Put("feed", Header("Bearer 3"), of_file).status();
  EXPECT_EQ(stale.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Reason(stale), "ETAG_MISMATCH");
  EXPECT_EQ(Metadata(stale, "etag"), Entry("feed").etag());
  EXPECT_EQ(Reason(registry_.Delete("feed", of_file)), "ETAG_MISMATCH");
  EXPECT_EQ(Reason(Put("other", {}, of_file).status()), "ETAG_MISMATCH");
  ASSERT_TRUE(Put("feed", Header("Bearer 3"), Entry("feed").etag()).ok());
  EXPECT_TRUE(registry_.Delete("feed", Entry("feed").etag()).ok());
}

TEST_F(ConfKeyRegistryTest, PuttingTheSameAgainIsNoChange) {
  AddStream("a", "feed");
  ASSERT_TRUE(Put("feed", Header("Bearer 2")).ok());
  const std::string etag = Entry("feed").etag();
  applied_.clear();
  const auto again = Put("feed", Header("Bearer 2"));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->entry.etag(), etag);
  EXPECT_THAT(applied_, IsEmpty());
}

TEST_F(ConfKeyRegistryTest, RedactedKeepsTheSecretAlsoOfTheFile) {
  v1::SourceSettings settings = Header("<redacted>");
  settings.set_max_message_bytes(9);
  ASSERT_TRUE(Put("feed", settings).ok());
  EXPECT_EQ(Entry("feed").settings.request_header().at("Authorization"), "Bearer of-the-file");
  settings.set_addr("evil.example.com");
  const absl::Status moved = Put("feed", settings).status();
  EXPECT_EQ(Field(moved), "conf_key.settings.requestHeader");
  EXPECT_THAT(Text(moved), Not(HasSubstr("of-the-file")));
  EXPECT_EQ(Field(Put("fresh", settings).status()), "conf_key.settings.requestHeader");
}

TEST_F(ConfKeyRegistryTest, SettingsAreJudgedAsALayer) {
  EXPECT_EQ(Field(Put("x", MaxMessageBytes(0)).status()), "conf_key.settings.maxMessageBytes");
  v1::SourceSettings twice;
  twice.set_root_ca_path("a.pem");
  twice.set_root_ca_raw("${env:INLET_SECRET_A}");
  EXPECT_EQ(Field(Put("x", twice).status()), "conf_key.settings.rootCARaw");
  for (const std::string name : {"source", "a__b", "1st", ""}) {
    EXPECT_EQ(Field(Put(name, {}).status()), "conf_key.name") << name;
  }
}

TEST_F(ConfKeyRegistryTest, AStreamWhoseKeyIsGoneIsNotGivenTheOtherRole) {
  AddStream("a", "gone", v1::Stream::CLIENT);
  const absl::Status status = Put("gone", MaxMessageBytes(1000)).status();
  EXPECT_EQ(Reason(status), "ROLE_CHANGE");
  EXPECT_THAT(Text(status), HasSubstr("stream \"a\" does not fit: it was created in the client role"));
  config::ConfKeys edited = file_;
  ASSERT_TRUE(edited.Set("gone", MaxMessageBytes(1000), "w.yaml:9").ok());
  EXPECT_EQ(Reason(registry_.ReplaceFile(edited).status()), "ROLE_CHANGE");
  ASSERT_TRUE(Put("gone", Header("Bearer 1")).ok());
  EXPECT_TRUE(applied_.contains("a"));
}

TEST_F(ConfKeyRegistryTest, AStreamThatHasNoPlaceInItsRoleAnywayHoldsNothingUp) {
  AddStream("a", "feed", v1::Stream::SERVER);
  AddStream("b", "feed", v1::Stream::CLIENT);
  ASSERT_TRUE(Put("feed", Header("Bearer 2")).ok());
  EXPECT_FALSE(applied_.contains("a"));
  EXPECT_TRUE(applied_.contains("b"));
}

TEST_F(ConfKeyRegistryTest, ReferencesAreLookedUp) {
  EXPECT_TRUE(Put("x", Header("Bearer ${env:INLET_SECRET_A}")).ok());
  const absl::Status missing = Put("x", Header("Bearer ${env:INLET_SECRET_B}")).status();
  EXPECT_EQ(Field(missing), "conf_key.settings.requestHeader");
  EXPECT_EQ(Reason(missing), "FIELD_INVALID");
  EXPECT_EQ(Reason(Put("x", Header("Bearer ${env:HOME}")).status()), "TARGET_FORBIDDEN");
}

TEST_F(ConfKeyRegistryTest, AKeyInUseIsNotDeletedUnlessTheFilesSectionFits) {
  ASSERT_TRUE(Put("mine", {}).ok());
  AddStream("a", "mine");
  const absl::Status in_use = registry_.Delete("mine", "");
  EXPECT_EQ(in_use.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Reason(in_use), "CONF_KEY_IN_USE");
  EXPECT_EQ(Metadata(in_use, "streams"), "a");
  ASSERT_TRUE(Put("feed", Header("Bearer 2")).ok());
  AddStream("b", "feed");
  apply_status_ =
      MakeError(absl::StatusCode::kFailedPrecondition, "stream b would change", {"ROLE_CHANGE", {}, "", {}});
  const absl::Status misfit = registry_.Delete("feed", "");
  EXPECT_EQ(Reason(misfit), "CONF_KEY_IN_USE");
  EXPECT_THAT(Text(misfit), HasSubstr("stream b would change"));
  apply_status_ = absl::OkStatus();
  ASSERT_TRUE(registry_.Delete("feed", "").ok());
  EXPECT_EQ(std::get<ingest::ClientRole>(applied_["b"].role).headers[0].value, "Bearer of-the-file");
}

TEST_F(ConfKeyRegistryTest, WhatTheFileSaysIsDeletedInTheFile) {
  EXPECT_EQ(Reason(registry_.Delete("feed", "")), "CONF_KEY_READ_ONLY");
  EXPECT_EQ(Reason(registry_.Delete("default", "")), "CONF_KEY_READ_ONLY");
  const absl::Status unknown = registry_.Delete("fed", "");
  EXPECT_EQ(unknown.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Reason(unknown), "CONF_KEY_UNKNOWN");
  EXPECT_EQ(Metadata(unknown, "nearest"), "feed");
}

TEST_F(ConfKeyRegistryTest, WhatIsPutIsBounded) {
  ConfKeyRegistry::Options options = Options();
  options.max_bytes = 3 * ConfKeyRegistry::kKeyBytes;
  ConfKeyRegistry registry(file_, std::move(options));
  ASSERT_TRUE(registry.Put("a", {}, "", false).ok());
  ASSERT_TRUE(registry.Put("b", {}, "", false).ok());
  const absl::Status full = registry.Put("c", Header("Bearer 1"), "", false).status();
  EXPECT_EQ(Reason(full), "LIMIT_REACHED");
  EXPECT_EQ(Metadata(full, "limit"), "confKeyBytes");
  ASSERT_TRUE(registry.Delete("b", "").ok());
  EXPECT_TRUE(registry.Put("c", Header("Bearer 1"), "", false).ok());
}

}  // namespace
}  // namespace inlet::service
