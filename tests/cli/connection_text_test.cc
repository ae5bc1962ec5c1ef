// Connections as people read them.
#include "cli/connection_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inlet::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::chrono::system_clock::time_point kNow(std::chrono::seconds(1012));

v1::Connection Plain(uint64_t id) {
  v1::Connection connection;
  connection.set_id(id);
  connection.mutable_origin()->set_peer("10.0.0.1:4711");
  connection.mutable_connect_time()->set_seconds(1000);
  connection.set_messages(3);
  connection.set_bytes(1234);
  return connection;
}

TEST(ConnectionsText, IsATableOfTheColumnsThatSaySomething) {
  EXPECT_EQ(ConnectionsText({Plain(7), Plain(12)}, kNow),
            "ID  PEER           CONNECTED  MESSAGES  BYTES  REJECTS\n"
            " 7  10.0.0.1:4711  12s ago           3   1234        0\n"
            "12  10.0.0.1:4711  12s ago           3   1234        0\n");
}

TEST(ConnectionsText, AColumnThatOneConnectionFillsIsShownForAll) {
  v1::Connection rich = Plain(12);
  rich.mutable_origin()->set_path("/cars/7/a");
  (*rich.mutable_origin()->mutable_variables())["part"] = "a";
  (*rich.mutable_origin()->mutable_variables())["id"] = "7";
  rich.mutable_origin()->set_certificate_subject("CN=car");
  rich.set_tls_version("TLSv1.3");
  rich.set_subprotocol("v2");
  rich.mutable_last_message_time()->set_seconds(1010);
  const std::string text = ConnectionsText({Plain(7), rich}, kNow);
  for (const char* part : {"VARIABLES", "id=7 part=a", "CN=car", "TLSv1.3", "SUBPROTOCOL", "v2", "2s ago"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(ConnectionsText, WhatAPeerWroteCannotSteerTheTerminal) {
  v1::Connection connection = Plain(1);
  connection.mutable_origin()->set_path("/\x1b[2J");
  EXPECT_THAT(ConnectionsText({connection}, kNow), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace inlet::cli
