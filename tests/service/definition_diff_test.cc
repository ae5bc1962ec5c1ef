// When two definitions are the same, and what is said when they are not.
#include "service/definition_diff.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/config/input_fields.h"

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
  other.mutable_schema();
  EXPECT_THAT(DifferingFields(Demo(), other), IsEmpty());
}

TEST(DefinitionDiff, AGroupInWhichNothingIsSetIsNotKept) {
  v1::Stream other = Demo();
  other.mutable_settings();
  other.mutable_retention();
  EXPECT_FALSE(config::InputFieldsOf(other).has_settings());
  EXPECT_FALSE(config::InputFieldsOf(other).has_retention());
  other.mutable_settings()->set_addr("");
  other.mutable_retention()->set_max_records(0);
  EXPECT_TRUE(config::InputFieldsOf(other).has_settings());
  EXPECT_TRUE(config::InputFieldsOf(other).has_retention());
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

TEST(DefinitionDiff, SchemasDifferByWhatTheySay) {
  v1::Stream one = Demo();
  v1::Column& column = *one.mutable_schema()->add_columns();
  column.set_name("a");
  column.set_type("BIGINT");
  EXPECT_THAT(DifferingFields(one, one), IsEmpty());
  EXPECT_THAT(DifferingFields(one, Demo()), ElementsAre("schema.columns"));
  v1::Stream other = one;
  other.mutable_schema()->mutable_columns(0)->mutable_default_value()->set_number_value(1);
  other.mutable_schema()->set_strict(true);
  EXPECT_THAT(DifferingFields(one, other), ElementsAre("schema.columns", "schema.strict"));
}

TEST(DefinitionDiff, AnEmptyAddressDiffersFromNone) {
  v1::Stream other = Demo();
  other.mutable_settings()->set_addr("");
  EXPECT_THAT(DifferingFields(Demo(), other), ElementsAre("settings.addr"));
}

}  // namespace
}  // namespace inlet::service
