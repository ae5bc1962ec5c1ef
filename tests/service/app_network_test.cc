// What the composition root finds in a configuration that was loaded.
#include "service/app_network.h"

#include <gtest/gtest.h>

#include <string>

#include "ingest/text.h"
#include "service/config/egress_rule.h"

namespace inlet::service {
namespace {

// A rule that the dialler alone refused would stop the start without a word about file and line.
TEST(CheckNetwork, TheDiallerUnderstandsEachEgressRuleThatTheConfigurationTakes) {
  int taken = 0;
  for (const std::string body :
       {"10.1.2.3", "0.0.0.0", "300.1.2.3", "10.1", "::1", "fd00::", "::ffff:10.0.0.1", "[::1]", "feed.example.com",
        "Feed.Example.com.", "a..b", ".", "", "*", "-", "_a", "a b", "é"}) {
    for (const std::string before : {"", "*.", "*", ".", " "}) {
      for (const std::string after : {"", "/0", "/8", "/32", "/33", "/128", "/129", "/", "/-1", "/8/8", "/x", ":80"}) {
        const std::string rule = Concat({before, body, after});
        if (!config::IsEgressRule(rule)) continue;
        ++taken;
        config::AppConfig config;
        config.egress.deny = {rule};
        EXPECT_TRUE(CheckNetwork(config).ok()) << rule << ": " << CheckNetwork(config);
      }
    }
  }
  EXPECT_GT(taken, 20);
}

}  // namespace
}  // namespace inlet::service
