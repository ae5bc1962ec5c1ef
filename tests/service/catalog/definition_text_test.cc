// Definitions as text: readable, exact, and never shortened in silence.
#include "service/catalog/definition_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlet/v1/inlet.pb.h"

namespace inlet::catalog {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(DefinitionText, IsTheContractsJson) {
  v1::Stream stream;
  stream.set_name("demo");
  stream.mutable_settings()->mutable_ping_interval()->set_seconds(2);
  EXPECT_EQ(*DefinitionToText(stream), R"({"name":"demo","settings":{"pingInterval":"2s"}})");
}

TEST(DefinitionText, IsTheSameForDefinitionsThatSayTheSame) {
  constexpr int kLabels = 60;
  v1::Stream one;
  v1::Stream other;
  for (int i = 0; i < kLabels; ++i) {
    (*one.mutable_labels())["l" + std::to_string(i)] = "v";
    (*other.mutable_labels())["l" + std::to_string(kLabels - 1 - i)] = "v";
  }
  EXPECT_EQ(*DefinitionToText(one), *DefinitionToText(other));
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

// What a person has mended by hand may be wrong anywhere.
TEST(DefinitionText, AnErrorQuotesNoSecret) {
  v1::Stream stream;
  for (const char* const text :
       {R"({"settings":{"requestHeader":{"X-Key":"hush"}},"datasource":hush})",
        R"({"settings":{"requestHeader":"hush"}})", R"({"settings":{"requestHeader":["hush"]}})",
        R"({"settings":{"requestHeader":{"X-Key":"hush")", R"({"settings":{"requestHeader":{"X-Key":{"a":"hush"}}}})",
        R"({"settings":{"bearerTokens":{"a":"hush"}}})", R"({"settings":{"maxMessageBytes":"hush"}})",
        R"({"settings":{"maxMessageBytes":"h\"hush"}})", R"({"settings":{"pingInterval":"hush"}})",
        R"({"settings":"hush"})", R"({"role":"hush"})", R"({"createTime":"hush"})", "\"hush", "hush", "'hush'",
        "{\"name\":\"hush\xff\"}", "{\"settings\":{\"privateKeyRaw\":\"-----\n hush\n"}) {
    const absl::Status status = DefinitionFromText(text, stream);
    EXPECT_FALSE(status.ok()) << text;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("hush"))) << text;
  }
  EXPECT_THAT(std::string(DefinitionFromText(R"({"settings":{"maxMessageBytes":"hush"}})", stream).message()),
              HasSubstr("settings.max_message_bytes"));
}

}  // namespace
}  // namespace inlet::catalog
