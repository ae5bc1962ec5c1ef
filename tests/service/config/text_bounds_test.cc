// Hostile files cost bounded memory and stack, and get an error with a line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ingest/text.h"
#include "service/config/json_text.h"
#include "service/config/yaml_text.h"
#include "tests/fakes/status_text.h"

namespace inlet::config {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Repeat(std::string_view piece, size_t times) {
  std::string text;
  for (size_t i = 0; i < times; ++i) text += piece;
  return text;
}

std::string YamlError(const std::string& text) { return Text(ParseYaml("f.yaml", text).status()); }

TEST(ParseYaml, KeepsLinesAndKinds) {
  const auto root = ParseYaml("f.yaml", "a: 1\nb:\n  - \"x\"\n  -\n");
  ASSERT_TRUE(root.ok()) << root.status();
  ASSERT_EQ(root->members.size(), 2U);
  EXPECT_EQ(root->members[0].key, "a");
  EXPECT_EQ(root->members[0].value.kind, Value::Kind::kPlain);
  EXPECT_EQ(root->members[1].line, 2);
  const Value& list = root->members[1].value;
  ASSERT_EQ(list.items.size(), 2U);
  EXPECT_EQ(list.items[0].kind, Value::Kind::kText);
  EXPECT_EQ(list.items[0].line, 3);
  EXPECT_EQ(list.items[1].kind, Value::Kind::kNull);
}

TEST(ParseYaml, AnEmptyTextIsNull) {
  for (const std::string text : {"", "\n\n", "# only a comment\n", "---\n"}) {
    const auto root = ParseYaml("f.yaml", text);
    ASSERT_TRUE(root.ok()) << root.status();
    EXPECT_EQ(root->kind, Value::Kind::kNull);
  }
}

TEST(ParseYaml, DuplicateKeysAreErrors) {
  EXPECT_EQ(YamlError("a:\n  b: 1\n  b: 2\n"), "f.yaml:3: a: duplicate key \"b\", first on line 2; keep one of them");
}

TEST(ParseYaml, AnchorsAliasesAndTagsAreRefusedWithTheirLine) {
  EXPECT_THAT(YamlError("a: &x 1\nb: *x\n"), StartsWith("f.yaml:1: anchors and aliases"));
  EXPECT_THAT(YamlError("a: &x [1]\n"), StartsWith("f.yaml:1: anchors and aliases"));
  EXPECT_THAT(YamlError("\na: &x {b: 1}\n"), StartsWith("f.yaml:2: anchors and aliases"));
  EXPECT_THAT(YamlError("a: &x\n"), StartsWith("f.yaml:1: anchors and aliases"));
  EXPECT_THAT(YamlError("\na: !!str 1\n"), StartsWith("f.yaml:2: tags"));
}

TEST(ParseYaml, AliasBombsAreRefused) {
  std::string bomb = "a: &a [x, x, x]\n";
  for (char c = 'b'; c <= 'z'; ++c) bomb += Concat({{&c, 1}, ": &", {&c, 1}, " [*a, *a, *a]\n"});
  EXPECT_THAT(YamlError(bomb), StartsWith("f.yaml:1: anchors and aliases"));
}

TEST(ParseYaml, DeepNestingIsRefusedInEveryForm) {
  for (const std::string_view piece : {"[", "{a: ", "- ", "{? ", "? ", "[{a: "}) {
    const auto root = ParseYaml("f.yaml", Repeat(piece, kMaxConfigBytes / piece.size()));
    ASSERT_FALSE(root.ok()) << piece;
    EXPECT_THAT(Text(root.status()), StartsWith("f.yaml:1")) << piece;
  }
}

TEST(ParseYaml, DeepBlocksAreRefused) {
  std::string text;
  for (size_t depth = 0; depth < 1'000; ++depth) text += Concat({std::string(depth, ' '), "a:\n"});
  EXPECT_THAT(YamlError(text), HasSubstr("f.yaml:17: "));
  EXPECT_THAT(YamlError(text), HasSubstr("nested deeper than 16 levels"));
}

TEST(ParseYaml, TooManyValuesAreRefused) {
  EXPECT_THAT(YamlError("a: [" + Repeat("x,", 70'000) + "]"), HasSubstr("more than 65536 keys and values"));
}

TEST(ParseYaml, TooLargeATextIsRefused) {
  EXPECT_EQ(YamlError(Repeat("#", kMaxConfigBytes + 1)), "f.yaml: larger than 1048576 bytes");
  EXPECT_TRUE(ParseYaml("f.yaml", Repeat("#", kMaxConfigBytes)).ok());
}

TEST(ParseYaml, AQuoteThatIsNeverClosedDoesNotSwallowTheRest) {
  for (const std::string_view begin : {"a: 'x", "a: \"x", "a: \"x\\", "a: ['x"}) {
    for (const std::string_view end : {"", "\n", "\n\n", "\nb: 1\n", "\nb: 1", "\n  "}) {
      EXPECT_THAT(YamlError(Concat({begin, end})), HasSubstr("this is not valid YAML: ")) << begin << end;
    }
  }
}

TEST(ParseYaml, ValuesAtTheEndOfTheFileAreWhole) {
  for (const std::string text :
       {"a: x", "a: x\n", "a: x # why\n", "a: x\n...\n", "a: x\r\n", "a: |-\n  x\n", "a: 'x'", "a: >-\n  x"}) {
    const auto root = ParseYaml("f.yaml", text);
    ASSERT_TRUE(root.ok()) << text << root.status();
    EXPECT_EQ(root->members.at(0).value.text, "x") << text;
  }
}

TEST(ParseYaml, OtherOdditiesAreRefused) {
  EXPECT_EQ(YamlError("a: \xff\n"), "f.yaml: the text is not UTF-8");
  EXPECT_EQ(YamlError(std::string("a\0: \0", 5)), "f.yaml: the text is not UTF-8");
  EXPECT_EQ(YamlError("\xff\xfe" + std::string("a\0", 2)), "f.yaml: the text is not UTF-8");
  EXPECT_EQ(YamlError("a: \"\\\xc3\xa4\""), "f.yaml:1:7: this is not valid YAML: an unknown escape in a text");
  EXPECT_THAT(YamlError("a: 1\n---\nb: 2\n"), HasSubstr("f.yaml:2: a second YAML document"));
  EXPECT_THAT(YamlError("? [a]\n: 1\n"), HasSubstr("f.yaml:1: a list or a map where a key should be"));
  EXPECT_THAT(YamlError("~: 1\n"), HasSubstr("f.yaml:1: an empty key"));
  EXPECT_THAT(YamlError("a: 1\n\tb: 2\n"), StartsWith("f.yaml:2:"));
  EXPECT_THAT(YamlError(Repeat("k", 65) + ": 1\n"), HasSubstr("f.yaml:1: a key longer than 64 bytes"));
}

std::string JsonError(const std::string& text) { return Text(ParseJson("EXTRA", text).status()); }

TEST(ParseJson, ErrorsHaveLineAndColumn) {
  EXPECT_THAT(JsonError("{\"a\":\n  tru}"), StartsWith("EXTRA: not valid JSON at line 2, column 6: syntax error"));
  EXPECT_THAT(JsonError(""), StartsWith("EXTRA: not valid JSON at line 1, column 1: "));
  EXPECT_THAT(JsonError("{\"a\": 1} x"), StartsWith("EXTRA: not valid JSON at line 1, column 10: "));
}

TEST(ParseJson, IsStrict) {
  const std::vector<std::string> texts = {"{a: 1}",  "{'a': 1}",    "{\"a\": 1,}", "{\"a\": 01}", "{\"a\": NaN}",
                                          "// x\n1", "[1] [2]",     "\"\xff\"",    "\"\n\"",      "{\"a\" 1}",
                                          "[1e400]", "\"\\ud800\"", "{\"a\": .5}", "nul"};
  for (const std::string& text : texts) EXPECT_THAT(JsonError(text), StartsWith("EXTRA: not valid JSON")) << text;
}

TEST(ParseJson, DuplicateKeysAreErrors) {
  EXPECT_EQ(JsonError(R"({"a": {"b": 1, "b": 2}})"), "EXTRA: a: duplicate key \"b\"; keep one of them");
}

TEST(ParseJson, IsBounded) {
  EXPECT_THAT(JsonError(Repeat("[", 100'000)), HasSubstr("nested deeper than 16 levels"));
  EXPECT_THAT(JsonError(Repeat("{\"a\":", 100'000)), HasSubstr("nested deeper than 16 levels"));
  EXPECT_THAT(JsonError("[1" + Repeat(",1", 70'000) + "]"), HasSubstr("more than 65536 keys and values"));
  EXPECT_EQ(JsonError(Repeat(" ", kMaxConfigBytes + 1)), "EXTRA: larger than 1048576 bytes");
}

}  // namespace
}  // namespace inlet::config
