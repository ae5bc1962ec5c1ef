// Aligned columns and readable numbers.
#include "cli/table.h"

#include <gtest/gtest.h>

namespace inlet::cli {
namespace {

TEST(FormatTable, AlignsColumnsByCharacters) {
  EXPECT_EQ(FormatTable({{"NAME", "N", "X"}, {"caf\xC3\xA9", "1", ""}, {"longer", "100", "y"}}, {1}),
            "NAME      N  X\n"
            "caf\xC3\xA9      1\n"
            "longer  100  y\n");
}

TEST(FormatTable, BearsShortRowsAndNone) {
  EXPECT_EQ(FormatTable({{"a", "b"}, {"c"}}, {}), "a  b\nc\n");
  EXPECT_EQ(FormatTable({}, {}), "");
}

TEST(Grouped, PutsACommaBeforeEveryThousand) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1000), "1,000");
  EXPECT_EQ(Grouped(UINT64_MAX), "18,446,744,073,709,551,615");
}

TEST(Bytes, UsesTheUnitThatKeepsItShort) {
  EXPECT_EQ(Bytes(1023), "1023 bytes");
  EXPECT_EQ(Bytes(1536), "1.5 KiB");
  EXPECT_EQ(Bytes(64ULL << 20), "64 MiB");
  EXPECT_EQ(Bytes(5ULL << 40), "5 TiB");
}

}  // namespace
}  // namespace inlet::cli
