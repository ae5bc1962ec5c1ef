// Which fields of a stream an update takes, leaves alone, and clears.
#include "service/update_mask.h"

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "ingest/error.h"

namespace inlet::service {
namespace {

using testing::HasSubstr;

template <typename Message>
Message Read(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

constexpr const char* kPresent = R"(
  name: "demo" datasource: "/a" description: "old"
  settings { max_message_bytes: 5 subprotocols: "x" ping_interval { seconds: 3 } }
  retention { max_bytes: 70000 max_records: 9 }
  labels { key: "team" value: "a" })";

// The merged definition, or the error's message.
std::string Merge(const std::string& request) {
  const auto merged = MergeUpdate(Read<v1::Stream>(kPresent), Read<v1::UpdateStreamRequest>(request));
  return merged.ok() ? merged->DebugString() : std::string(merged.status().message());
}
std::string Same(const std::string& definition) { return Read<v1::Stream>(definition).DebugString(); }

TEST(UpdateMask, WithoutOneEveryFieldThatIsSetIsTaken) {
  EXPECT_EQ(Merge(R"(stream { name: "demo" description: "new" settings { idle_timeout { seconds: 9 } } })"),
            Same(R"(name: "demo" datasource: "/a" description: "new"
                    settings { max_message_bytes: 5 subprotocols: "x" ping_interval { seconds: 3 }
                               idle_timeout { seconds: 9 } }
                    retention { max_bytes: 70000 max_records: 9 }
                    labels { key: "team" value: "a" })"));
}

TEST(UpdateMask, ListsMapsAndDurationsAreTakenAsAWhole) {
  EXPECT_EQ(Merge(R"(stream { settings { subprotocols: "y" ping_interval { nanos: 500000000 } }
                              labels { key: "b" value: "c" } })"),
            Same(R"(name: "demo" datasource: "/a" description: "old"
                    settings { max_message_bytes: 5 subprotocols: "y" ping_interval { nanos: 500000000 } }
                    retention { max_bytes: 70000 max_records: 9 }
                    labels { key: "b" value: "c" })"));
}

TEST(UpdateMask, APathTakesThatFieldAloneAndClearsWhatIsNotSet) {
  EXPECT_EQ(Merge(R"(stream { datasource: "/b" retention { max_bytes: 80000 } }
                     update_mask { paths: "retention.max_bytes" paths: "settings.subprotocols" paths: "labels" })"),
            Same(R"(name: "demo" datasource: "/a" description: "old"
                    settings { max_message_bytes: 5 ping_interval { seconds: 3 } }
                    retention { max_bytes: 80000 max_records: 9 })"));
}

TEST(UpdateMask, AGroupIsReplacedByItsName) {
  EXPECT_EQ(Merge(R"(stream { retention { max_records: 1 } } update_mask { paths: "retention" })"),
            Same(R"(name: "demo" datasource: "/a" description: "old"
                    settings { max_message_bytes: 5 subprotocols: "x" ping_interval { seconds: 3 } }
                    retention { max_records: 1 } labels { key: "team" value: "a" })"));
}

TEST(UpdateMask, AStarTakesAllAndClearsTheRest) {
  EXPECT_EQ(Merge(R"(stream { name: "demo" datasource: "/b" etag: "x" sql: "y" warnings: "z" }
                     update_mask { paths: "*" })"),
            Same(R"(name: "demo" datasource: "/b")"));
}

TEST(UpdateMask, WhatIsOutputOnlyIsLeftAlone) {
  EXPECT_EQ(Merge(R"(stream { etag: "x" status { records: 7 } role: CLIENT effective_settings { addr: "h:1" } })"),
            Same(kPresent));
  EXPECT_THAT(Merge(R"(update_mask { paths: "status.records" })"), HasSubstr("cannot be set"));
  EXPECT_THAT(Merge(R"(update_mask { paths: "etag" })"), HasSubstr("cannot be set"));
}

TEST(UpdateMask, PathsMayBeWrittenAsJsonWritesThem) {
  for (const char* path :
       {"settings.rootCARaw", "settings.root_ca_raw", "settings.root_c_a_raw", "settings.rootCaRaw"}) {
    EXPECT_THAT(
        Merge(std::string(R"(stream { settings { root_ca_raw: "pem" } } update_mask { paths: ")") + path + R"(" })"),
        HasSubstr(R"(root_ca_raw: "pem")"))
        << path;
  }
}

TEST(UpdateMask, AnUnknownPathGetsTheNearest) {
  EXPECT_THAT(Merge(R"(update_mask { paths: "retention.max_byte" })"), HasSubstr("retention.max_bytes"));
  EXPECT_THAT(Merge(R"(update_mask { paths: "" })"), HasSubstr("no field"));
  EXPECT_THAT(Merge(R"(update_mask { paths: "settings." })"), HasSubstr("no field"));
  EXPECT_THAT(Merge(R"(update_mask { paths: "labels.team" })"), HasSubstr("as a whole"));
  EXPECT_THAT(Merge(R"(update_mask { paths: "settings.ping_interval.seconds" })"), HasSubstr("as a whole"));
  const auto merged = MergeUpdate({}, Read<v1::UpdateStreamRequest>(R"(update_mask { paths: "x" })"));
  EXPECT_EQ(GetErrorDetail(merged.status()).reason, "FIELD_INVALID");
  EXPECT_EQ(GetErrorDetail(merged.status()).field, "update_mask");
}

TEST(UpdateMask, AFieldOfANewerContractIsNotDroppedSilently) {
  v1::UpdateStreamRequest request;
  v1::SourceSettings& settings = *request.mutable_stream()->mutable_settings();
  settings.GetReflection()->MutableUnknownFields(&settings)->AddVarint(2000, 1);
  const auto merged = MergeUpdate({}, request);
  EXPECT_EQ(merged.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(std::string(merged.status().message()), HasSubstr("stream.settings"));
}

TEST(UpdateMask, AFieldOfANewerContractIsFoundInListsToo) {
  v1::UpdateStreamRequest request;
  request.mutable_stream()->mutable_schema()->add_columns();
  v1::Column& column = *request.mutable_stream()->mutable_schema()->add_columns();
  column.GetReflection()->MutableUnknownFields(&column)->AddVarint(2000, 1);
  const auto merged = MergeUpdate({}, request);
  EXPECT_EQ(merged.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(GetErrorDetail(merged.status()).field, "stream.schema.columns[1]");
}

TEST(UpdateMask, TheNameStays) {
  EXPECT_EQ(Merge(R"(stream { name: "other" })"), Same(kPresent));
  EXPECT_EQ(Merge(R"(stream { name: "other" } update_mask { paths: "name" })"), Same(kPresent));
}

}  // namespace
}  // namespace inlet::service
