// Who may open a path: the rules, as tables.
#include "ingest/ws/server_access.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace inlet::ws {
namespace {

TEST(OriginMatches, ExactlyOrBelowAStar) {
  struct Case {
    const char* pattern;
    const char* origin;
    bool fits;
  };
  const std::vector<Case> cases{
      {"https://app.example.com", "https://app.example.com", true},
      {"https://app.example.com", "HTTPS://App.Example.com", true},
      {"https://app.example.com", "http://app.example.com", false},
      {"https://app.example.com", "https://app.example.com:8443", false},
      {"https://app.example.com", "https://app.example.com.evil.example", false},
      {"https://app.example.com:8443", "https://app.example.com:8443", true},
      {"null", "null", true},
      {"null", "https://a.example", false},
      {"*.example.com", "https://app.example.com", true},
      {"*.example.com", "http://a.b.example.com:8080", true},
      {"*.example.com", "https://example.com", false},
      {"*.example.com", "https://evilexample.com", false},
      {"*.example.com", "https://app.example.com.evil.example", false},
      {"*.example.com", "https://evil.example/.example.com", false},
      {"*.example.com", "null", false},
      {"*.example.com", "https://.example.com", false},
      {"*.example.com", "app.example.com", false},
      {"https://*.example.com", "https://app.example.com", true},
      {"https://*.example.com", "http://app.example.com", false},
      {"https://*.example.com", "https://app.example.com:8443", false},
      {"https://*.example.com", "https://example.com", false},
  };
  for (const auto& [pattern, origin, fits] : cases) {
    EXPECT_EQ(OriginMatches(pattern, origin), fits) << pattern << " and " << origin;
  }
}

TEST(ChooseSubprotocol, TheFirstOfOursThatIsOffered) {
  const std::vector<std::string> ours{"v2.feed", "v1.feed"};
  EXPECT_EQ(ChooseSubprotocol(ours, "v1.feed, v2.feed"), "v2.feed");
  EXPECT_EQ(ChooseSubprotocol(ours, " other ,v1.feed"), "v1.feed");
  EXPECT_EQ(ChooseSubprotocol(ours, "V1.FEED"), "");  // RFC 6455, 4.1: names are compared as they are
  EXPECT_EQ(ChooseSubprotocol(ours, "v1.feed2"), "");
  EXPECT_EQ(ChooseSubprotocol(ours, ""), "");
  EXPECT_EQ(ChooseSubprotocol({}, "v1.feed"), "");
}

TEST(EqualsInConstantTime, IsEquality) {
  const std::vector<std::string> texts{"", "a", "b", "aa", "ab", "abab", std::string("a\0", 2)};
  for (const std::string& a : texts) {
    for (const std::string& b : texts) EXPECT_EQ(EqualsInConstantTime(a, b), a == b) << a << " and " << b;
  }
}

// Knows one reference.
class OneSecret final : public ingest::Credentials {
 public:
  absl::StatusOr<std::string> Expand(std::string_view text) const override {
    if (text == "${env:TOKEN}") return std::string("secret");
    if (text == "${env:EMPTY}") return std::string();
    if (text.starts_with('$')) return absl::FailedPreconditionError("no such reference");
    return std::string(text);
  }
  absl::StatusOr<std::string> ReadFile(std::string_view /*path*/) const override { return std::string(); }
};

int StatusWith(const std::vector<std::string>& tokens, const std::string& authorization) {
  EndpointSettings settings;
  settings.role.bearer_tokens = tokens;
  HandshakeRequest request;
  request.authorization = authorization;
  const OneSecret credentials;
  const std::optional<Refusal> refusal = CheckAccess(request, settings, &credentials);
  return refusal ? refusal->status : 0;
}

TEST(CheckAccess, AnyTokenOpens) {
  EXPECT_EQ(StatusWith({}, ""), 0);
  EXPECT_EQ(StatusWith({}, "Bearer whatever"), 0);
  EXPECT_EQ(StatusWith({"one", "two"}, "Bearer one"), 0);
  EXPECT_EQ(StatusWith({"one", "two"}, "bearer two"), 0);
  EXPECT_EQ(StatusWith({"one", "two"}, "Bearer   two "), 0);
  EXPECT_EQ(StatusWith({"one", "two"}, ""), 401);
  EXPECT_EQ(StatusWith({"one", "two"}, "Bearer"), 401);
  EXPECT_EQ(StatusWith({"one", "two"}, "Bearer "), 401);
  EXPECT_EQ(StatusWith({"one", "two"}, "Bearer onetwo"), 401);
  EXPECT_EQ(StatusWith({"one", "two"}, "Bearer One"), 401);
  EXPECT_EQ(StatusWith({"one", "two"}, "Basic one"), 401);
  EXPECT_EQ(StatusWith({"one", "two"}, "one"), 401);
}

TEST(CheckAccess, TokensAreExpandedAtEachHandshake) {
  EXPECT_EQ(StatusWith({"${env:TOKEN}"}, "Bearer secret"), 0);
  EXPECT_EQ(StatusWith({"${env:TOKEN}"}, "Bearer ${env:TOKEN}"), 401);
  EXPECT_EQ(StatusWith({"${env:EMPTY}"}, "Bearer "), 401);  // an empty token opens nothing
  EXPECT_EQ(StatusWith({"${env:EMPTY}"}, ""), 401);
  EXPECT_EQ(StatusWith({"${env:GONE}"}, "Bearer x"), 503);
  EXPECT_EQ(StatusWith({"${env:GONE}"}, ""), 401);
  EXPECT_EQ(StatusWith({"${env:GONE}", "known"}, "Bearer known"), 0);
}

}  // namespace
}  // namespace inlet::ws
