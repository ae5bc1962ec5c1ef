// The PROXY protocol's headers, one row for each rule.
#include "ingest/ws/proxy_header.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace inlet::ws {
namespace {

using State = ProxyHeader::State;
using namespace std::string_literals;

const std::string kSignature = "\r\n\r\n\0\r\nQUIT\n"s;

std::string Version2(char command, char protocol, const std::string& body) {
  return kSignature + command + protocol + static_cast<char>(body.size() >> 8U) + static_cast<char>(body.size()) + body;
}

const std::string kTcp4 = "\xcb\x00\x71\x07\x0a\x00\x00\x01\xdc\x04\x01\xbb"s;  // 203.0.113.7 port 56324
const std::string kTcp6 = "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07"s + std::string(16, '\x01') + "\xdc\x04\x01\xbb"s;

std::string PeerText(const ProxyHeader& header) { return header.peer ? header.peer->ToString() : "none"; }

struct GoodRow {
  std::string header;
  std::string peer;
};

TEST(ProxyHeader, SaysWhoTheClientIs) {
  const std::vector<GoodRow> rows{
      {"PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\r\n", "203.0.113.7:56324"},
      {"PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535"},
      {"PROXY TCP4 203.0.113.7 10.0.0.1 0 0\r\n", "203.0.113.7:0"},
      {"PROXY TCP6 2001:db8::7 2001:db8::1 56324 443\r\n", "[2001:db8::7]:56324"},
      {"PROXY TCP6 ::ffff:203.0.113.7 ::1 56324 443\r\n", "203.0.113.7:56324"},
      {"PROXY UNKNOWN\r\n", "none"},
      {"PROXY UNKNOWN ffff::1 ffff::1 65535 65535\r\n", "none"},
      {Version2('\x21', '\x11', kTcp4), "203.0.113.7:56324"},
      {Version2('\x21', '\x21', kTcp6), "[2001:db8::7]:56324"},
      {Version2('\x21', '\x11', kTcp4 + "\x04\x00\x03xyz"s), "203.0.113.7:56324"},  // with further facts
      {Version2('\x21', '\x00', ""), "none"},                                       // unspecified
      {Version2('\x20', '\x00', ""), "none"},                                       // local
      {Version2('\x20', '\x11', kTcp4), "none"},
      {Version2('\x21', '\x11', kTcp4 + std::string(kMostProxyHeaderBytes - 16 - 12, 't')), "203.0.113.7:56324"},
  };
  for (const GoodRow& row : rows) {
    const ProxyHeader header = ParseProxyHeader(row.header + "GET / HTTP/1.1\r\n");
    ASSERT_EQ(header.state, State::kComplete) << row.header << ": " << header.problem;
    EXPECT_EQ(header.size, row.header.size()) << row.header;
    EXPECT_EQ(PeerText(header), row.peer);
    for (size_t cut = 0; cut < row.header.size(); ++cut) {
      EXPECT_EQ(ParseProxyHeader(row.header.substr(0, cut)).state, State::kIncomplete) << row.header << " at " << cut;
    }
  }
}

TEST(ProxyHeader, WhatIsWrongIsNotGuessedAt) {
  const std::vector<std::string> rows{
      "GET / HTTP/1.1\r\n",
      "\x16\x03\x01",  // TLS
      "proxy TCP4 203.0.113.7 10.0.0.1 56324 443\r\n",
      "PROXY  TCP4 203.0.113.7 10.0.0.1 56324 443\r\n",
      "PROXY TCP5 203.0.113.7 10.0.0.1 56324 443\r\n",
      "PROXY TCP4 203.0.113.7 10.0.0.1 56324\r\n",
      "PROXY TCP4 203.0.113.7 10.0.0.1 56324 443 \r\n",
      "PROXY TCP4 203.0.113.7 10.0.0.1 56324 443 x\r\n",
      "PROXY TCP4 203.0.113.7 10.0.0.1 65536 443\r\n",
      "PROXY TCP4 203.0.113.7 10.0.0.1 056324 443\r\n",
      "PROXY TCP4 203.0.113.7 10.0.0.1 -1 443\r\n",
      "PROXY TCP4 203.0.113.300 10.0.0.1 56324 443\r\n",
      "PROXY TCP4 2001:db8::7 10.0.0.1 56324 443\r\n",
      "PROXY TCP6 203.0.113.7 10.0.0.1 56324 443\r\n",
      "PROXY TCP4 203.0.113.7 2001:db8::1 56324 443\r\n",
      "PROXY \r\n",
      "PROXY UNKNOWNS\r\n",
      "PROXY UNKNOWN " + std::string(kMostProxyLineBytes, 'x') + "\r\n",
      kSignature + "\x11\x11\x00\x0c"s + kTcp4,       // version 1 in the form of version 2
      Version2('\x22', '\x11', kTcp4),                // command
      Version2('\x21', '\x12', kTcp4),                // UDP
      Version2('\x21', '\x31', std::string(216, 0)),  // UNIX
      Version2('\x21', '\x11', kTcp4.substr(0, 11)),  // cut off
      Version2('\x21', '\x21', kTcp6.substr(0, 35)),
      kSignature + "\x21\x11\xff\xff"s,  // longer than the bound
  };
  for (const std::string& row : rows) {
    const ProxyHeader header = ParseProxyHeader(row);
    EXPECT_EQ(header.state, State::kMalformed) << row;
    EXPECT_FALSE(header.problem.empty()) << row;
  }
}

TEST(ProxyHeader, AnEndlessLineIsWaitedForNoLongerThanTheProtocolAllows) {
  const std::string line = "PROXY TCP4 " + std::string(kMostProxyLineBytes, '1');
  EXPECT_EQ(ParseProxyHeader(line.substr(0, kMostProxyLineBytes - 1)).state, State::kIncomplete);
  EXPECT_EQ(ParseProxyHeader(line.substr(0, kMostProxyLineBytes)).state, State::kMalformed);
}

}  // namespace
}  // namespace inlet::ws
