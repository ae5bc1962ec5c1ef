// Whom X-Forwarded-For is believed from, and what it says.
#include "ingest/ws/trusted_networks.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace inlet::ws {
namespace {

struct Row {
  std::string peer;
  std::string forwarded_for;
  std::string answer;
};

TEST(TrustedNetworks, TheRightmostUntrustedAddressIsThePeer) {
  const TrustedNetworks networks = *TrustedNetworks::Parse({"10.0.0.0/8", "192.0.2.1", "fd00::/8"});
  const std::vector<Row> rows{
      {"10.0.0.1", "", "10.0.0.1:99"},
      {"10.0.0.1", "203.0.113.7", "203.0.113.7:0"},
      {"10.0.0.1", "203.0.113.7:5000", "203.0.113.7:5000"},
      {"10.0.0.1", "2001:db8::7", "[2001:db8::7]:0"},
      {"10.0.0.1", "[2001:db8::7]", "[2001:db8::7]:0"},
      {"10.0.0.1", "[2001:db8::7]:5000", "[2001:db8::7]:5000"},
      {"10.0.0.1", "::ffff:203.0.113.7", "203.0.113.7:0"},
      {"fd00::1", "203.0.113.7", "203.0.113.7:0"},
      {"192.0.2.1", "203.0.113.7", "203.0.113.7:0"},
      // What the client itself wrote stands to the left of what the proxy saw.
      {"10.0.0.1", "1.1.1.1, 203.0.113.7", "203.0.113.7:0"},
      {"10.0.0.1", "1.1.1.1,203.0.113.7 , 10.0.0.2", "203.0.113.7:0"},
      {"10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3:0"},
      // Who is not trusted is not believed.
      {"198.51.100.1", "203.0.113.7", "198.51.100.1:99"},
      {"192.0.2.2", "203.0.113.7", "192.0.2.2:99"},
      // What is no address ends the chain.
      {"10.0.0.1", "unknown", "10.0.0.1:99"},
      {"10.0.0.1", "203.0.113.7, unknown, 10.0.0.2", "10.0.0.2:0"},
      {"10.0.0.1", "203.0.113.7:x", "10.0.0.1:99"},
      {"10.0.0.1", "203.0.113.7:", "10.0.0.1:99"},
      {"10.0.0.1", "[2001:db8::7", "10.0.0.1:99"},
      {"10.0.0.1", ", ,", "10.0.0.1:99"},
  };
  for (const Row& row : rows) {
    const PeerAddress peer = *PeerAddress::Parse(row.peer, 99);
    EXPECT_EQ(networks.ForwardedPeer(row.forwarded_for, peer).ToString(), row.answer)
        << row.peer << " says " << row.forwarded_for;
  }
}

TEST(TrustedNetworks, NobodyIsTrustedUnlessItIsSaid) {
  const PeerAddress peer = *PeerAddress::Parse("127.0.0.1", 1);
  EXPECT_FALSE(TrustedNetworks().Contains(peer));
  EXPECT_TRUE(TrustedNetworks::Parse({"0.0.0.0/0"})->Contains(peer));
  EXPECT_FALSE(TrustedNetworks::Parse({"::/0"})->Contains(PeerAddress()));
}

TEST(TrustedNetworks, WhatIsNoNetworkIsNamed) {
  for (const std::string text : {"10.0.0.0/33", "proxy.example.com", "", "10.0.0.0/", "fd00::/129", "*"}) {
    const auto networks = TrustedNetworks::Parse({"10.0.0.0/8", text});
    ASSERT_FALSE(networks.ok()) << text;
    EXPECT_NE(networks.status().message().find("\"" + text + "\""), std::string::npos) << networks.status();
  }
}

}  // namespace
}  // namespace inlet::ws
