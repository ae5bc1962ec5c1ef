// Times as numbers of milliseconds, and as texts.
#include "ingest/time_value.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace inlet::ingest {
namespace {

std::string Show(const std::optional<Instant>& time) {
  return time ? std::to_string(time->seconds) + "." + std::to_string(time->nanos) : "none";
}

TEST(TimeValue, ANumberIsExactDownToNanoseconds) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"0", "0.0"},
      {"-0", "0.0"},
      {"1500", "1.500000000"},
      {"1500.25", "1.500250000"},
      {"0.000001", "0.1"},
      {"0.0000019", "0.1"},
      {"1764425822000.123456789", "1764425822.123456"},
      {"1.7644258220005e12", "1764425822.500000"},
      {"1.5E+3", "1.500000000"},
      {"15000e-1", "1.500000000"},
      {"-1", "-1.999000000"},
      {"-0.000001", "-1.999999999"},
      {"-0.0000001", "0.0"},
      {"-1000.5", "-2.999500000"},
      {"0e999999999999999999999", "0.0"},
      {"1e-999999999999999999999", "0.0"},
      {"1e999999999999999999999", "none"},
      {"1000000000000000", "none"},
      {"253402300799999.999999999", "253402300799.999999999"},
      {"253402300800000", "none"},
      {"-62135596800000", "-62135596800.0"},
      {"-62135596800000.000001", "none"},
      {"0.00000000000000000000000000000000001e47", "1000000000.0"},
      {"100000000000000000000000000000000000e-26", "1000000.0"},
  };
  for (const auto& [number, time] : rows) EXPECT_EQ(Show(TimeOfNumber(number)), time) << number;
}

TEST(TimeValue, ATextIsOfTheFormatAlone) {
  const TimeFormat format = *TimeFormat::Compile("yyyyMMdd");
  EXPECT_EQ(Show(TimeOfText(&format, "19700102")), "86400.0");
  EXPECT_EQ(Show(TimeOfText(&format, "1970-01-02T00:00:00Z")), "none");
  EXPECT_EQ(Show(TimeOfText(&format, "5")), "none");
}

TEST(TimeValue, WithoutAFormatATextIsRfc3339OrANumber) {
  EXPECT_EQ(Show(TimeOfText(nullptr, "1970-01-02T00:00:00Z")), "86400.0");
  EXPECT_EQ(Show(TimeOfText(nullptr, "1500.25")), "1.500250000");
  for (const char* const text : {"", " 5", "05", "+5", "5 ", "NaN", "soon"}) {
    EXPECT_EQ(Show(TimeOfText(nullptr, text)), "none") << text;
  }
}

}  // namespace
}  // namespace inlet::ingest
