// What inletctl check prints.
#include "cli/check_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inlet::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

void AddStage(v1::CheckConnectionResponse& response, const std::string& name, bool ok, int milliseconds,
              const std::string& detail) {
  auto& stage = *response.add_stages();
  stage.set_name(name);
  stage.set_ok(ok);
  stage.mutable_duration()->set_seconds(milliseconds / 1000);
  stage.mutable_duration()->set_nanos(milliseconds % 1000 * 1'000'000);
  stage.set_detail(detail);
}

v1::CheckConnectionResponse Expired() {
  v1::CheckConnectionResponse response;
  response.set_endpoint("wss://feed.example.com/ws");
  AddStage(response, "resolve", true, 2, "feed.example.com is 1.2.3.4:443");
  AddStage(response, "connect", true, 15, "1.2.3.4:443");
  AddStage(response, "tls", false, 2100, "the server's certificate has expired");
  response.set_certificate_subject("CN = feed.example.com");
  response.set_certificate_issuer("CN = Some CA");
  response.mutable_certificate_expire_time()->set_seconds(1'577'836'800);
  response.set_hint("the server needs a new one");
  return response;
}

TEST(CheckText, ShowsAtWhichStageItBreaks) {
  EXPECT_EQ(CheckText(Expired(), false),
            "wss://feed.example.com/ws\n"
            "  \u2713 resolve  2.0 ms  feed.example.com is 1.2.3.4:443\n"
            "  \u2713 connect   15 ms  1.2.3.4:443\n"
            "  \u2717 tls       2.1 s  the server's certificate has expired\n"
            "\n"
            "  certificate       CN = feed.example.com, issued by CN = Some CA, until 2020-01-01 00:00 UTC\n"
            "\n"
            "not reachable: the server needs a new one\n");
}

TEST(CheckText, ShowsStatusAndHeadersOfARefusal) {
  v1::CheckConnectionResponse response;
  response.set_http_status(401);
  (*response.mutable_response_header())["www-authenticate"] = "Bearer";
  const std::string text = CheckText(response, false);
  EXPECT_THAT(text, HasSubstr("HTTP status       401\n"));
  EXPECT_THAT(text, HasSubstr("www-authenticate  Bearer\n"));
}

TEST(CheckText, AReachableServerNeedsNoHint) {
  v1::CheckConnectionResponse response;
  response.set_reachable(true);
  response.set_http_status(101);
  response.set_first_message("{\"a\": 1}");
  const std::string text = CheckText(response, false);
  EXPECT_THAT(text, testing::EndsWith("\nreachable\n"));
  EXPECT_THAT(text, HasSubstr("first message     {\"a\": 1}\n"));
  EXPECT_THAT(text, Not(HasSubstr("HTTP status")));
}

TEST(CheckText, ColoursAreForTerminals) {
  EXPECT_THAT(CheckText(Expired(), true), HasSubstr("\x1b[31m\u2717\x1b[0m tls"));
  EXPECT_THAT(CheckText(Expired(), false), Not(HasSubstr("\x1b")));
}

TEST(CheckText, AServersTextCannotSteerTheTerminal) {
  v1::CheckConnectionResponse response;
  response.set_first_message("\x1b]0;title\x07");
  response.set_hint("\x1b[2J");
  EXPECT_THAT(CheckText(response, false), Not(testing::ContainsRegex("[\x1b\x07]")));
}

}  // namespace
}  // namespace inlet::cli
