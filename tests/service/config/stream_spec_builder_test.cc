// A definition becomes the plain values of the data plane, or an error that names the field.
#include "service/config/stream_spec_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>

#include "service/config/conf_keys.h"
#include "service/config/settings_reader.h"
#include "tests/fakes/status_text.h"

namespace inlet::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

v1::Stream Named(const std::string& name, const std::string& datasource = "") {
  v1::Stream stream;
  stream.set_name(name);
  stream.set_datasource(datasource);
  return stream;
}

absl::StatusOr<ingest::StreamSpec> Build(const v1::Stream& stream) {
  return BuildStreamSpec(stream, BuiltInSettings(), {});
}

std::string PathOf(const std::string& name, const std::string& datasource) {
  const auto spec = Build(Named(name, datasource));
  return spec.ok() ? std::get<ingest::ServerRole>(spec->role).path : spec.status().ToString();
}

TEST(BuildStreamSpec, WithoutADatasourceThePathIsTheName) { EXPECT_EQ(PathOf("demo", ""), "/demo"); }

TEST(BuildStreamSpec, TakesWhatTheDefinitionSays) {
  v1::Stream stream = Named("demo", "/api/data");
  stream.mutable_retention()->set_max_bytes(65'536);
  stream.mutable_retention()->set_max_records(3);
  stream.mutable_retention()->mutable_max_age()->set_seconds(60);
  stream.mutable_retention()->mutable_max_age()->set_nanos(5);
  v1::SourceSettings effective = BuiltInSettings();
  effective.set_max_message_bytes(77);
  const auto spec = BuildStreamSpec(stream, effective, {});
  ASSERT_TRUE(spec.ok()) << spec.status();
  EXPECT_EQ(spec->name, "demo");
  EXPECT_EQ(spec->max_message_bytes, 77U);
  EXPECT_EQ(spec->retention.max_bytes, 65'536U);
  EXPECT_EQ(spec->retention.max_records, 3U);
  EXPECT_EQ(spec->retention.max_age, 60s + 5ns);
}

TEST(BuildStreamSpec, LimitsThatAreUnsetComeFromTheService) {
  v1::Stream stream = Named("demo");
  stream.mutable_retention()->set_max_records(0);
  const auto spec = BuildStreamSpec(stream, BuiltInSettings(), {100'000, 7, 5s});
  ASSERT_TRUE(spec.ok()) << spec.status();
  EXPECT_EQ(spec->retention.max_bytes, 100'000U);
  EXPECT_EQ(spec->retention.max_records, 0U);
  EXPECT_EQ(spec->retention.max_age, 5s);
}

TEST(BuildStreamSpec, TakesRightPaths) {
  for (const std::string path :
       {"/", "/a", "/api/data", "/devices/{id}", "/{a}/{b_2}/c", "/a.b/..c", "/a:b@c!$&'()*+,;=~-_"}) {
    EXPECT_EQ(PathOf("demo", path), path);
  }
  EXPECT_EQ(PathOf("demo", "/" + std::string(1023, 'a')).size(), 1024U);
}

TEST(BuildStreamSpec, RefusesWrongPathsAndSaysWhy) {
  const std::pair<std::string, std::string> wrong[] = {
      {"api", "stream.datasource: \"api\" must begin with \"/\""},
      {" /a", "must begin with \"/\""},
      {"http://a/b", "must begin with \"/\", such as /api/data, or be the ws:// or wss:// URL of a server"},
      {"/a?x=1", "has a query string"},
      {"/a#b", "has a fragment"},
      {"/a%20b", "has a %"},
      {"/a b", "visible ASCII"},
      {"/\xc3\xa4", "visible ASCII"},
      {"/a\tb", "visible ASCII"},
      {std::string("/a\0b", 4), "visible ASCII"},
      {"//", "empty segment"},
      {"/a//b", "empty segment"},
      {"/a/", "empty segment"},
      {"/..", "must not hold the segments . and .."},
      {"/a/../b", "must not hold the segments . and .."},
      {"/./a", "must not hold the segments . and .."},
      {"/a{id}", "a variable is a whole segment"},
      {"/{id}a", "a variable is a whole segment"},
      {"/{}", "a variable is a whole segment"},
      {"/{", "a variable is a whole segment"},
      {"/}", "a variable is a whole segment"},
      {"/{9a}", "a variable is a whole segment"},
      {"/{a-b}", "a variable is a whole segment"},
      {"/{a}{b}", "a variable is a whole segment"},
      {"/{{a}}", "a variable is a whole segment"},
      {"/{id}/x/{id}", "has the variable {id} twice"},
      {"/" + std::string(1024, 'a'), "longer than 1024 bytes"},
  };
  for (const auto& [path, why] : wrong) {
    const absl::Status status = Build(Named("demo", path)).status();
    EXPECT_EQ(Field(status), "stream.datasource") << path;
    EXPECT_EQ(Reason(status), "FIELD_INVALID") << path;
    EXPECT_THAT(Text(status), HasSubstr(why)) << path;
  }
}

TEST(BuildStreamSpec, AWrongPathIsNotRepeatedWithItsSecrets) {
  const absl::Status status = Build(Named("demo", "/a?token=S3cr3t")).status();
  EXPECT_THAT(Text(status), HasSubstr("/a?token=<redacted>"));
  EXPECT_THAT(Text(status), Not(HasSubstr("S3cr3t")));
}

TEST(BuildStreamSpec, TheServersSettingsReachTheDataPlane) {
  const auto own = SettingsFromJson(R"({"bearerTokens": ["${env:A}", "b"], "allowedOrigins": ["https://a.example"],
      "maxConnections": 3, "pingInterval": "1s", "idleTimeout": "2500ms", "subprotocols": ["x", "y"],
      "ignore": ["pong"], "recordTimeout": "5s", "reconnectWhenStalled": true})");
  ASSERT_TRUE(own.ok()) << own.status();
  v1::SourceSettings effective = BuiltInSettings();
  MergeSettings(*own, effective);
  const auto spec = BuildStreamSpec(Named("demo"), effective, {});
  ASSERT_TRUE(spec.ok()) << spec.status();
  const auto& role = std::get<ingest::ServerRole>(spec->role);
  EXPECT_THAT(role.bearer_tokens, ElementsAre("${env:A}", "b"));
  EXPECT_THAT(role.allowed_origins, ElementsAre("https://a.example"));
  EXPECT_EQ(role.max_connections, 3U);
  EXPECT_EQ(spec->connection, (ingest::ConnectionSettings{1000ms, 2500ms, {"x", "y"}}));
  EXPECT_THAT(spec->ignore, ElementsAre("pong"));
  EXPECT_EQ(spec->record_timeout, 5000ms);
  EXPECT_TRUE(spec->reconnect_when_stalled);
}

TEST(BuildStreamSpec, WhatIsUnsetKeepsTheDefaultsOfTheDataPlane) {
  const auto spec = Build(Named("demo"));
  ASSERT_TRUE(spec.ok()) << spec.status();
  EXPECT_EQ(spec->connection, ingest::ConnectionSettings{});
  EXPECT_THAT(spec->ignore, ElementsAre());
  EXPECT_EQ(spec->record_timeout, 0ms);
}

TEST(BuildStreamSpec, NamesFollowTheRule) {
  for (const std::string right : {"a", "Demo_1-x", "source", "a__b"}) EXPECT_TRUE(Build(Named(right)).ok()) << right;
  EXPECT_TRUE(Build(Named(std::string(63, 'a'))).ok());
  for (const std::string wrong : {"1a", "_a", "a b", "a/b", "\xc3\xa4", "a.b", "a\n"}) {
    EXPECT_EQ(Field(Build(Named(wrong)).status()), "stream.name") << wrong;
  }
  EXPECT_EQ(Field(Build(Named(std::string(64, 'a'))).status()), "stream.name");
  EXPECT_EQ(Text(Build(Named("")).status()),
            "stream.name: is missing; a letter, then at most 62 letters, digits, _ or -");
}

TEST(BuildStreamSpec, RefusesWrongLimits) {
  for (const uint64_t wrong :
       {uint64_t{0}, uint64_t{65'535}, (uint64_t{1} << 40) + 1, std::numeric_limits<uint64_t>::max()}) {
    v1::Stream stream = Named("demo");
    stream.mutable_retention()->set_max_bytes(wrong);
    EXPECT_EQ(Field(Build(stream).status()), "stream.retention.maxBytes") << wrong;
    EXPECT_THAT(Text(Build(stream).status()), HasSubstr("must be from 65536 (64 KiB)"));
  }
  const std::pair<int64_t, int32_t> ages[] = {
      {-1, 0}, {0, -1}, {0, 1'000'000'000}, {400'000'000, 0}, {std::numeric_limits<int64_t>::max(), 999'999'999}};
  for (const auto& [seconds, nanos] : ages) {
    v1::Stream stream = Named("demo");
    stream.mutable_retention()->mutable_max_age()->set_seconds(seconds);
    stream.mutable_retention()->mutable_max_age()->set_nanos(nanos);
    EXPECT_EQ(Field(Build(stream).status()), "stream.retention.maxAge") << seconds;
  }
}

TEST(BuildStreamSpec, RefusesFieldsOfANewerContract) {
  v1::Stream stream = Named("demo");
  ASSERT_TRUE(stream.MergeFromString(std::string("\xC0\x3E\x01", 3)));
  EXPECT_EQ(Build(stream).status().code(), absl::StatusCode::kUnimplemented);
  v1::Stream inner = Named("demo");
  ASSERT_TRUE(inner.mutable_retention()->ParseFromString(std::string("\xC0\x3E\x01", 3)));
  EXPECT_EQ(Field(Build(inner).status()), "stream.retention");
}

TEST(BuildStreamSpec, OutputOnlyFieldsAreNotLookedAt) {
  v1::Stream stream = Named("demo");
  stream.mutable_status()->set_reason("x");
  stream.set_role(v1::Stream::CLIENT);
  stream.mutable_effective_settings()->set_addr("a");
  EXPECT_TRUE(Build(stream).ok());
}

}  // namespace
}  // namespace inlet::config
