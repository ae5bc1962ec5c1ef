// Addresses as people type them.
#include "cli/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace inlet::cli {
namespace {

using testing::HasSubstr;

TEST(AddressFault, HostAndPortIsRight) {
  for (const char* address : {"localhost:50051", "127.0.0.1:1", "[::1]:65535", "unix:/run/inlet", "dns:///a:1"}) {
    EXPECT_EQ(AddressFault(address), "") << address;
  }
}

TEST(AddressFault, SaysWhatWouldBeRight) {
  EXPECT_THAT(AddressFault(""), HasSubstr("empty"));
  EXPECT_THAT(AddressFault("localhost"), HasSubstr("give localhost:50051"));
  EXPECT_THAT(AddressFault("[::1]"), HasSubstr("give [::1]:50051"));
  EXPECT_THAT(AddressFault(":50051"), HasSubstr("give localhost:50051"));
  EXPECT_THAT(AddressFault("::1"), HasSubstr("without brackets"));
  EXPECT_THAT(AddressFault("http://a:1"), HasSubstr("no URL"));
  for (const char* address : {"a:", "a:0", "a:65536", "a:b", "a:1x"}) {
    EXPECT_THAT(AddressFault(address), HasSubstr("not a number from 1 to 65535")) << address;
  }
}

TEST(AddressOption, IsWrittenWhereItIsNeeded) {
  unsetenv("INLET_ADDRESS");
  EXPECT_EQ(AddressOption("localhost:50051"), "");
  EXPECT_EQ(AddressOption("h:1"), " --address h:1");
  setenv("INLET_ADDRESS", "h:1", 1);
  EXPECT_EQ(AddressOption("h:1"), "");
  EXPECT_EQ(AddressOption("localhost:50051"), " --address localhost:50051");
  unsetenv("INLET_ADDRESS");
}

}  // namespace
}  // namespace inlet::cli
