// Egress rules: which names and addresses may be dialled.
#include "ingest/ws/egress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace inlet::ws {
namespace {

struct EgressCase {
  std::vector<std::string> allow;
  std::vector<std::string> deny;
  const char* host;
  const char* address;
  bool allowed;
};

void PrintTo(const EgressCase& one, std::ostream* out) { *out << one.host << " at " << one.address; }

class Egress : public testing::TestWithParam<EgressCase> {};

TEST_P(Egress, Decides) {
  const EgressCase& one = GetParam();
  const absl::StatusOr<EgressRules> rules = EgressRules::Parse({one.allow, one.deny, false});
  ASSERT_TRUE(rules.ok()) << rules.status();
  const absl::Status status = rules->CheckAddress(one.host, *PeerAddress::Parse(one.address, 80));
  EXPECT_EQ(status.code(), one.allowed ? absl::StatusCode::kOk : absl::StatusCode::kPermissionDenied);
}

INSTANTIATE_TEST_SUITE_P(Default, Egress,
                         testing::Values(EgressCase{{}, {}, "a", "8.8.8.8", true},
                                         EgressCase{{}, {}, "a", "127.0.0.1", true},
                                         EgressCase{{}, {}, "a", "10.0.0.1", true},
                                         EgressCase{{}, {}, "a", "::1", true}, EgressCase{{}, {}, "a", "fd00::1", true},
                                         EgressCase{{}, {}, "a", "2001:db8::1", true}));

// Whatever the rules say.
INSTANTIATE_TEST_SUITE_P(
    LinkLocal, Egress,
    testing::Values(EgressCase{{"*"}, {}, "a", "169.254.169.254", false}, EgressCase{{"*"}, {}, "a", "0.0.0.0", false},
                    EgressCase{{"*"}, {}, "a", "0.1.2.3", false}, EgressCase{{"*"}, {}, "a", "::", false},
                    EgressCase{{"*"}, {}, "a", "fe80::1", false}, EgressCase{{"*"}, {}, "a", "febf::1", false},
                    EgressCase{{"*"}, {}, "a", "::ffff:169.254.169.254", false},
                    EgressCase{{"*"}, {}, "a", "::ffff:0.0.0.0", false},
                    EgressCase{{"*"}, {}, "a", "64:ff9b::169.254.169.254", false},
                    EgressCase{{"*"}, {}, "a", "64:ff9b::a9fe:a9fe", false},
                    EgressCase{{"*"}, {}, "a", "::169.254.169.254", false},
                    EgressCase{{"*"}, {}, "a", "2002:a9fe:a9fe::1", false},
                    EgressCase{{"169.254.0.0/16"}, {}, "a", "169.254.1.1", false},
                    EgressCase{{"*"}, {}, "a", "fec0::1", true}, EgressCase{{"*"}, {}, "a", "64:ff9b::8.8.8.8", true},
                    EgressCase{{"*"}, {}, "a", "169.253.1.1", true}));

INSTANTIATE_TEST_SUITE_P(
    Rules, Egress,
    testing::Values(
        EgressCase{{"10.0.0.0/8"}, {}, "a", "10.255.0.1", true}, EgressCase{{"10.0.0.0/8"}, {}, "a", "11.0.0.1", false},
        EgressCase{{"10.0.0.0/9"}, {}, "a", "10.128.0.1", false}, EgressCase{{"10.1.2.3"}, {}, "a", "10.1.2.3", true},
        EgressCase{{"10.1.2.3"}, {}, "a", "10.1.2.4", false},
        EgressCase{{"10.0.0.0/8"}, {}, "a", "::ffff:10.1.2.3", true},
        EgressCase{{"2001:db8::/32"}, {}, "a", "2001:db8:1::1", true},
        EgressCase{{"2001:db8::/32"}, {}, "a", "2001:db9::1", false},
        EgressCase{{"0.0.0.0/0"}, {}, "a", "2001:db8::1", false},
        EgressCase{{"*.example.com"}, {}, "feed.example.com", "8.8.8.8", true},
        EgressCase{{"*.example.com"}, {}, "FEED.Example.COM.", "8.8.8.8", true},
        EgressCase{{"*.example.com"}, {}, "example.com", "8.8.8.8", false},
        EgressCase{{"*.example.com"}, {}, "badexample.com", "8.8.8.8", false},
        EgressCase{{"example.com"}, {}, "feed.example.com", "8.8.8.8", false},
        EgressCase{{"*.example.com", "10.0.0.0/8"}, {}, "other", "10.1.1.1", true},
        EgressCase{{"*.example.com"}, {"10.0.0.0/8"}, "feed.example.com", "10.1.1.1", false},
        EgressCase{{"10.0.0.0/8"}, {"bad.example.com"}, "bad.example.com", "10.1.1.1", false},
        EgressCase{{}, {"127.0.0.0/8"}, "localhost", "127.0.0.1", false},
        EgressCase{{}, {"127.0.0.0/8"}, "localhost", "::1", true},
        EgressCase{{}, {"10.0.0.0/8"}, "a", "64:ff9b::10.1.1.1", false}, EgressCase{{}, {"*"}, "a", "8.8.8.8", false}));

TEST(EgressRules, ADeniedNameIsRefusedBeforeItIsResolved) {
  const EgressRules rules = *EgressRules::Parse({{}, {"*.internal"}, false});
  EXPECT_THAT(rules.CheckHost("db.internal").message(), testing::HasSubstr("\"*.internal\""));
  EXPECT_TRUE(rules.CheckHost("example.com").ok());
}

TEST(EgressRules, ANameOutsideAllowIsRefusedUnlessAnAddressMayStillFit) {
  EXPECT_FALSE(EgressRules::Parse({{"*.example.com"}, {}, false})->CheckHost("other").ok());
  EXPECT_TRUE(EgressRules::Parse({{"*.example.com", "10.0.0.0/8"}, {}, false})->CheckHost("other").ok());
}

TEST(EgressRules, WhatIsNoRuleIsAnError) {
  for (const char* text :
       {"", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/", "::/129", "a b", "http://x", "*x.com", "10.0.0/8"}) {
    EXPECT_FALSE(EgressRules::Parse({{text}, {}, false}).ok()) << text;
    EXPECT_FALSE(EgressRules::Parse({{}, {text}, false}).ok()) << text;
  }
}

}  // namespace
}  // namespace inlet::ws
