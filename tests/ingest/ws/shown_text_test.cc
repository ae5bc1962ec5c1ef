// What a remote server says, made fit to be shown.
#include "ingest/ws/shown_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "ingest/credentials.h"

namespace inlet::ws {
namespace {

using testing::HasSubstr;
using testing::Not;

class LiteralCredentials final : public ingest::Credentials {
 public:
  absl::StatusOr<std::string> Expand(std::string_view text) const override { return std::string(text); }
  absl::StatusOr<std::string> ReadFile(std::string_view /*path*/) const override { return std::string(); }
};

ShownText WithHeader(const std::string& value) {
  ingest::ClientRole role;
  role.headers.push_back({"Authorization", value});
  return {role, LiteralCredentials()};
}

// Were each occurrence to move all that follows it, this would take a minute.
TEST(ShownText, ASecretThatComesAHundredThousandTimesIsCutAndHidden) {
  constexpr std::string_view kSecret = "s3cr3t-t0k3n";
  std::string text;
  while (text.size() < 3U << 20) text += kSecret;
  const std::string shown = WithHeader("Bearer s3cr3t-t0k3n").ShowMessage(text, 4096);
  EXPECT_LE(shown.size(), 4096U);
  EXPECT_GT(shown.size(), 3000U);
  EXPECT_THAT(shown, Not(HasSubstr("s3cr3t")));
}

TEST(ShownText, ASecretAcrossTheLimitLeavesNothing) {
  const ShownText shown = WithHeader("Bearer s3cr3t-t0k3n");
  for (size_t before = 4080; before <= 4100; ++before) {
    const std::string text = shown.ShowMessage(std::string(before, 'a') + "s3cr3t-t0k3n and more", 4096);
    EXPECT_THAT(text, Not(HasSubstr("s3cr"))) << before;
  }
}

TEST(ShownText, ACharacterAcrossTheLimitIsLeftOut) {
  const std::string text = WithHeader("Bearer s3cr3t-t0k3n").Show(std::string(511, 'a') + "\xc3\xa9", 512);
  EXPECT_EQ(text, std::string(511, 'a'));
}

TEST(ShownText, BasicCredentialsAreHiddenAlsoInTheirOwnWords) {
  const ShownText shown = WithHeader("Basic dXNlcjpwYXNzUFdTRUNSRVQ=");  // user:passPWSECRET
  const std::string text = shown.Show("no user:passPWSECRET, no passPWSECRET, no dXNlcjpwYXNzUFdTRUNSRVQ=");
  EXPECT_EQ(text, "no <redacted>, no <redacted>, no <redacted>");
}

}  // namespace
}  // namespace inlet::ws
