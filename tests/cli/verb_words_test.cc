// What a shell passes, and which verb it means.
#include "cli/verb_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inlet::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kStatement[] = R"(CREATE STREAM demo() with(format="json", datasource="/api/data", type="websocket"))";

TEST(FindVerb, TheDocumentationsShellFormIsTheVerbCreate) {
  // inletctl CREATE STREAM demo'() with(format="json", datasource="/api/data", type="websocket")'
  const VerbWords found =
      FindVerb({"CREATE", "STREAM", R"(demo() with(format="json", datasource="/api/data", type="websocket"))"});
  EXPECT_EQ(found.verb, "create");
  EXPECT_THAT(found.rest, ElementsAre("--", kStatement));
}

TEST(FindVerb, AStatementIsOneHoweverManyArgumentsItComesIn) {
  EXPECT_THAT(FindVerb({"create", kStatement}).rest, ElementsAre("--", kStatement));
  EXPECT_THAT(FindVerb({kStatement}).rest, ElementsAre("--", kStatement));
  EXPECT_EQ(FindVerb({kStatement}).verb, "create");
  EXPECT_THAT(FindVerb({"create", "stream", "a", "()", "with", "()"}).rest,
              ElementsAre("--", "CREATE stream a () with ()"));
  EXPECT_THAT(FindVerb({"create", "CREATE", "STREAM", "a()", "with()"}).rest,
              ElementsAre("--", "CREATE STREAM a() with()"));
}

TEST(FindVerb, SpacesInsideOfAQuotedStatementStay) {
  EXPECT_THAT(FindVerb({"create stream a() with(KEY='x  y')"}).rest,
              ElementsAre("--", "create stream a() with(KEY='x  y')"));
}

TEST(FindVerb, OptionsMayStandAnywhereAndKeepTheirValues) {
  const VerbWords found =
      FindVerb({"--address", "h:1", "Create", "--validate-only", "Stream", "a()", "--timeout", "1s", "with()"});
  EXPECT_EQ(found.verb, "create");
  EXPECT_THAT(found.rest,
              ElementsAre("--address", "h:1", "--validate-only", "--timeout", "1s", "--", "CREATE Stream a() with()"));
  EXPECT_THAT(FindVerb({"subscribe", "--from", "-10", "demo"}).rest, ElementsAre("--from", "-10", "--", "demo"));
}

TEST(FindVerb, StatementsThatAreNotCreateMeanTheirVerb) {
  for (const auto& words :
       {std::vector<std::string>{"DROP", "STREAM", "demo;"}, {"drop stream demo ;"}, {"delete", "demo"}}) {
    EXPECT_EQ(FindVerb(words).verb, "drop");
    EXPECT_THAT(FindVerb(words).rest, ElementsAre("--", "demo"));
  }
  EXPECT_EQ(FindVerb({"SHOW STREAMS"}).verb, "list");
  EXPECT_THAT(FindVerb({"show", "streams"}).rest, IsEmpty());
  EXPECT_EQ(FindVerb({"DESCRIBE", "STREAM", "demo"}).verb, "show");
  EXPECT_THAT(FindVerb({"show", "demo"}).rest, ElementsAre("--", "demo"));
}

TEST(FindVerb, OtherWordsForAVerbMeanIt) {
  EXPECT_EQ(FindVerb({"rm", "demo"}).verb, "drop");
  EXPECT_EQ(FindVerb({"ls"}).verb, "list");
  EXPECT_EQ(FindVerb({"get", "demo"}).verb, "show");
  EXPECT_THAT(FindVerb({"subscribe", "stream", "demo"}).rest, ElementsAre("--", "demo"));
}

TEST(FindVerb, AStreamMayBeCalledStreamOrList) {
  EXPECT_THAT(FindVerb({"drop", "stream"}).rest, ElementsAre("--", "stream"));
  EXPECT_THAT(FindVerb({"show", "list"}).rest, ElementsAre("--", "list"));
}

TEST(FindVerb, WithoutWordsThereIsNone) {
  EXPECT_EQ(FindVerb({}).verb, "");
  EXPECT_EQ(FindVerb({"--help"}).verb, "");
  EXPECT_THAT(FindVerb({"--help"}).rest, ElementsAre("--help"));
}

}  // namespace
}  // namespace inlet::cli
