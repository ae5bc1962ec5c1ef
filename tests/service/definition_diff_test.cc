// When two definitions are the same, and what is said when they are not.
#include "service/definition_diff.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace inlet::service {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

v1::Stream Demo() {
  v1::Stream stream;
  stream.set_name("demo");
  return stream;
}

TEST(DefinitionDiff, WhatIsAbsentEqualsItsMeaning) {
  v1::Stream other = Demo();
  other.set_datasource("/demo");
  other.set_conf_key("default");
  other.mutable_settings();
  other.mutable_retention();
  EXPECT_THAT(DifferingFields(Demo(), other), IsEmpty());
}

TEST(DefinitionDiff, OutputOnlyFieldsDoNotCount) {
  v1::Stream other = Demo();
  other.set_sql("CREATE STREAM demo () WITH ()");
  other.add_warnings("SHARED changes nothing");
  other.mutable_status()->set_records(5);
  EXPECT_THAT(DifferingFields(Demo(), other), IsEmpty());
}

TEST(DefinitionDiff, NamesEachFieldAtFaultWithoutItsValue) {
  v1::Stream other = Demo();
  other.set_datasource("/other");
  other.mutable_settings()->set_max_message_bytes(10);
  (*other.mutable_settings()->mutable_request_header())["Authorization"] = "secret";
  other.mutable_settings()->mutable_ping_interval()->set_seconds(3);
  other.mutable_retention()->set_max_records(7);
  EXPECT_THAT(DifferingFields(Demo(), other),
              ElementsAre("datasource", "retention.maxRecords", "settings.maxMessageBytes", "settings.pingInterval",
                          "settings.requestHeader"));
}

TEST(DefinitionDiff, AnEmptyAddressDiffersFromNone) {
  v1::Stream other = Demo();
  other.mutable_settings()->set_addr("");
  EXPECT_THAT(DifferingFields(Demo(), other), ElementsAre("settings.addr"));
}

}  // namespace
}  // namespace inlet::service
