// The names of rejects are the contract's.
#include <gtest/gtest.h>

#include "ingest/reject.h"

namespace inlet::ingest {
namespace {

TEST(RejectReason, NamesAreThoseOfTheContract) {
  EXPECT_EQ(RejectReasonName(RejectReason::kInvalidJson), "INVALID_JSON");
  EXPECT_EQ(RejectReasonName(RejectReason::kNotAnObject), "NOT_AN_OBJECT");
  EXPECT_EQ(RejectReasonName(RejectReason::kTooDeep), "TOO_DEEP");
  EXPECT_EQ(RejectReasonName(RejectReason::kSchemaMismatch), "SCHEMA_MISMATCH");
  EXPECT_EQ(RejectReasonName(RejectReason::kBinaryMessage), "BINARY_MESSAGE");
  EXPECT_EQ(RejectReasonName(RejectReason::kInvalidUtf8), "INVALID_UTF8");
  EXPECT_EQ(RejectReasonName(RejectReason::kTooLarge), "TOO_LARGE");
  EXPECT_EQ(RejectReasonName(RejectReason::kNoRoom), "NO_ROOM");
}

}  // namespace
}  // namespace inlet::ingest
