// What a stream refers to is found wherever it stands, and judged before the stream runs.
#include "service/stream_secrets.h"

#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest/error.h"

namespace inlet::service {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

ingest::StreamSpec ClientSpec(const ingest::ClientRole& role) {
  ingest::StreamSpec spec;
  spec.role = role;
  return spec;
}

SecretStore Store() {
  return SecretStore({{"*"}, "", "", [](const std::string& name) -> std::optional<std::string> {
                        if (name == "LINE") return "S3cr3t\r\nX: 1";
                        if (name == "SPACE") return "S3cr3t S3cr3t";
                        if (name == "NONE") return std::nullopt;
                        return "value of " + name;
                      }});
}

TEST(FindSecrets, LooksIntoEveryPlaceOfTheClientRole) {
  ingest::ClientRole role;
  role.target = "/${env:A}";
  role.headers = {{"X", "Bearer ${env:B}"}};
  role.open_messages = {"${env:C}"};
  role.heartbeat_message = "${env:D}";
  role.proxy_url = "http://${env:E}@p:1";
  role.tls_settings.root_ca.text = "${env:F}";
  role.tls_settings.certificate.path = "c.pem";
  role.tls_settings.private_key.text = "${file:g}";
  const SecretUse use = FindSecrets(ClientSpec(role));
  EXPECT_THAT(use.references,
              ElementsAre("${env:A}", "${env:B}", "${env:C}", "${env:D}", "${env:E}", "${env:F}", "${file:g}"));
  EXPECT_THAT(use.paths, ElementsAre("c.pem"));
}

TEST(FindSecrets, LooksIntoTheTokensOfTheServerRole) {
  ingest::StreamSpec spec;
  spec.role = ingest::ServerRole{"/p", {"${env:A}", "literal"}};
  EXPECT_THAT(FindSecrets(spec).references, ElementsAre("${env:A}"));
}

TEST(HoldSecrets, ASecretThatWouldBreakTheHandshakeIsRefused) {
  SecretStore store = Store();
  ingest::ClientRole role;
  role.target = "/";
  role.headers = {{"X-Key", "${env:LINE}"}};
  const absl::Status header = HoldSecrets(ClientSpec(role), store).status();
  EXPECT_EQ(GetErrorDetail(header).field, "stream.settings.requestHeader.X-Key");
  EXPECT_EQ(GetErrorDetail(header).reason, "FIELD_INVALID");
  EXPECT_THAT(std::string(header.message()), HasSubstr("line breaks"));
  EXPECT_THAT(std::string(header.message()), Not(HasSubstr("S3cr3t")));
  role.headers = {{"X-Key", "${env:SPACE}"}};
  EXPECT_TRUE(HoldSecrets(ClientSpec(role), store).ok());
  role.target = "/?k=${env:SPACE}";
  EXPECT_EQ(GetErrorDetail(HoldSecrets(ClientSpec(role), store).status()).field, "stream.datasource");
}

TEST(HoldSecrets, AnErrorNamesSettingAndReference) {
  SecretStore store = Store();
  ingest::ClientRole role;
  role.target = "/";
  role.headers = {{"X-Other", "${env:A}"}, {"Authorization", "Bearer ${env:NONE}"}};
  const absl::Status missing = HoldSecrets(ClientSpec(role), store).status();
  EXPECT_THAT(
      std::string(missing.message()),
      HasSubstr("stream.settings.requestHeader.Authorization: ${env:NONE} names a variable that the service's"));
  const ErrorDetail detail = GetErrorDetail(missing);
  EXPECT_EQ(detail.field, "stream.settings.requestHeader.Authorization");
  EXPECT_THAT(detail.metadata, testing::Contains(testing::Pair("field", detail.field)));
  role.headers.clear();
  role.tls_settings.root_ca.path = "/etc/ca.pem";
  const absl::Status path = HoldSecrets(ClientSpec(role), store).status();
  EXPECT_EQ(GetErrorDetail(path).field, "stream.settings.rootCaPath");
  EXPECT_EQ(path.code(), absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace inlet::service
