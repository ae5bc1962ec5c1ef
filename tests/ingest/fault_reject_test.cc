// A message that closed its connection says so, and which setting decided.
#include "ingest/fault_reject.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inlet::ingest {
namespace {

using ::testing::HasSubstr;

StreamSpec Server() { return {.name = "demo", .role = ServerRole{"/demo"}, .max_message_bytes = 1000}; }

StreamSpec Client() { return {.name = "demo", .role = ClientRole(), .max_message_bytes = 1000}; }

TEST(FaultReject, ABinaryMessageKeepsItsConnection) {
  const Reject reject =
      ToReject({.fault = MessageFault::kBinary, .size = 2, .content = "\xff\x00", .is_binary = true}, Server());
  EXPECT_EQ(reject.reason, RejectReason::kBinaryMessage);
  EXPECT_TRUE(reject.is_binary);
  EXPECT_EQ(Describe(reject),
            "BINARY_MESSAGE: a message of 2 bytes: only text messages carry records, the connection stays open");
}

TEST(FaultReject, AMessageThatIsTooLargeNamesTheSettingAndItsValue) {
  const Reject reject = ToReject({.fault = MessageFault::kTooLarge, .size = 5000, .content = "{"}, Server());
  EXPECT_EQ(reject.reason, RejectReason::kTooLarge);
  EXPECT_EQ(reject.content, "{");
  EXPECT_EQ(reject.size, 5000U);
  EXPECT_EQ(reject.detail, "a message of 5000 bytes: maxMessageBytes is 1000, the connection was closed with 1009");
}

TEST(FaultReject, NoRoomIsAReasonOfItsOwnAndNamesTheBoundOfItsRole) {
  const MessageFaultReport report{.fault = MessageFault::kNoRoom, .size = 500};
  EXPECT_EQ(ToReject(report, Server()).reason, RejectReason::kNoRoom);
  EXPECT_THAT(ToReject(report, Server()).detail, HasSubstr("source.maxAssemblyBytes left no room"));
  EXPECT_THAT(ToReject(report, Server()).detail, HasSubstr("closed with 1013"));
  EXPECT_EQ(ToReject(report, Client()).detail.find("source."), std::string::npos);
}

}  // namespace
}  // namespace inlet::ingest
