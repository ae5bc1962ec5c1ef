// Definitions as text: readable, exact, and never shortened in silence.
#include "service/catalog/definition_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlet/v1/inlet.pb.h"

namespace inlet::catalog {
namespace {

using testing::HasSubstr;

TEST(DefinitionText, IsTheContractsJson) {
  v1::Stream stream;
  stream.set_name("demo");
  stream.mutable_settings()->mutable_ping_interval()->set_seconds(2);
  EXPECT_EQ(*DefinitionToText(stream), R"({"name":"demo","settings":{"pingInterval":"2s"}})");
}

TEST(DefinitionText, DoesNotLoseFieldsOfANewerContract) {
  constexpr int kNoField = 12'345;
  v1::Stream stream;
  stream.GetReflection()->MutableUnknownFields(&stream)->AddVarint(kNoField, 1);
  EXPECT_FALSE(DefinitionToText(stream).ok());
  v1::Stream deep;
  v1::Column& column = *deep.mutable_schema()->add_columns();
  EXPECT_TRUE(DefinitionToText(deep).ok());
  column.GetReflection()->MutableUnknownFields(&column)->AddVarint(kNoField, 1);
  EXPECT_FALSE(DefinitionToText(deep).ok());
}

TEST(DefinitionText, WhatIsNotUnderstoodIsAnError) {
  v1::Stream stream;
  EXPECT_FALSE(DefinitionFromText("", stream).ok());
  EXPECT_FALSE(DefinitionFromText("[]", stream).ok());
  EXPECT_THAT(std::string(DefinitionFromText(R"({"name":"a","colour":"red"})", stream).message()), HasSubstr("colour"));
}

}  // namespace
}  // namespace inlet::catalog
