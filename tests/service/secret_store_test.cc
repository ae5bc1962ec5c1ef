// Secrets come from where the operator allows, are fresh, and are forgotten when nobody needs them.
#include "service/secret_store.h"

#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest/error.h"
#include "tests/fakes/temporary_folder.h"

namespace inlet::service {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class SecretStoreTest : public testing::Test {
 public:
  SecretStoreTest() {
    fs::create_directories(root_ / "secrets" / "sub");
    fs::create_directories(root_ / "certificates");
    fs::create_directories(root_ / "secrets-of-others");
  }

 protected:
  void Write(const std::string& name, const std::string& text) const { root_.Write(name, text); }
  SecretStore::Options Options() {
    SecretStore::Options options;
    options.variables = {"INLET_SECRET_*", "PLAIN"};
    options.secrets_folder = (root_ / "secrets").string();
    options.certificates_folder = (root_ / "certificates").string();
    options.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      if (found == variables_.end()) return std::nullopt;
      return found->second;
    };
    return options;
  }
  absl::StatusOr<SecretLease> Hold(const std::string& reference) { return store_.Hold({{reference}, {}}); }
  absl::StatusOr<SecretLease> HoldPath(const std::string& path) { return store_.Hold({{}, {path}}); }
  // Holds it for the moment, and gives what it stands for.
  std::string ValueOf(const std::string& reference) {
    const auto lease = Hold(reference);
    const auto value = store_.Expand(reference);
    return value.ok() && lease.ok() ? *value : lease.status().ToString();
  }

  TemporaryFolder root_;
  std::map<std::string, std::string> variables_ = {
      {"INLET_SECRET_A", "alpha"}, {"PLAIN", "p"}, {"HOME", "/root"}, {"INLET_SECRET_EMPTY", ""}};
  SecretStore store_{Options()};
};

std::string ReasonOf(const absl::Status& status) { return GetErrorDetail(status).reason; }

TEST_F(SecretStoreTest, ReplacesReferencesInsideALongerText) {
  Write("secrets/feed", "S3cr3t\n");
  const auto lease = store_.Hold({{"${env:INLET_SECRET_A}", "${file:feed}"}, {}});
  ASSERT_TRUE(lease.ok()) << lease.status();
  EXPECT_EQ(*store_.Expand("Bearer ${file:feed}, ${env:INLET_SECRET_A}!"), "Bearer S3cr3t, alpha!");
  EXPECT_EQ(*store_.Expand("no reference"), "no reference");
  EXPECT_EQ(*store_.Expand(""), "");
}

TEST_F(SecretStoreTest, DropsOneLineEndAndNoMore) {
  Write("secrets/a", "x\n");
  Write("secrets/b", "x\r\n");
  Write("secrets/c", "x\n\n");
  Write("secrets/sub/d", " x ");
  EXPECT_EQ(ValueOf("${file:a}"), "x");
  EXPECT_EQ(ValueOf("${file:b}"), "x");
  EXPECT_EQ(ValueOf("${file:c}"), "x\n");
  EXPECT_EQ(ValueOf("${file:sub/d}"), " x ");
}

TEST_F(SecretStoreTest, VariablesOutsideOfThePatternsAreForbidden) {
  EXPECT_EQ(ValueOf("${env:PLAIN}"), "p");
  for (const std::string reference : {"${env:HOME}", "${env:INLET_SECRE}", "${env:PLAIN_}", "${env:XINLET_SECRET_A}"}) {
    const absl::Status status = Hold(reference).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << reference;
    EXPECT_EQ(ReasonOf(status), "TARGET_FORBIDDEN");
    EXPECT_THAT(std::string(status.message()), HasSubstr(reference + " names a variable that the operator does not"));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("/root")));
  }
}

TEST_F(SecretStoreTest, WhatYieldsNothingIsAnError) {
  Write("secrets/empty", "\n");
  for (const std::string reference :
       {"${env:INLET_SECRET_EMPTY}", "${env:INLET_SECRET_NONE}", "${file:none}", "${file:empty}", "${file:sub}"}) {
    const absl::Status status = Hold(reference).status();
    EXPECT_EQ(ReasonOf(status), "FIELD_INVALID") << reference;
    EXPECT_THAT(std::string(status.message()), HasSubstr(reference));
  }
}

TEST_F(SecretStoreTest, LinksThatLeaveTheFolderAreForbidden) {
  Write("secrets-of-others/key", "S3cr3t");
  Write("secrets/inside", "fine");
  fs::create_symlink(root_ / "secrets-of-others" / "key", root_ / "secrets" / "out");
  fs::create_symlink("../secrets-of-others", root_ / "secrets" / "folder");
  fs::create_symlink("inside", root_ / "secrets" / "alias");
  EXPECT_EQ(ValueOf("${file:alias}"), "fine");
  for (const std::string reference : {"${file:out}", "${file:folder/key}"}) {
    const absl::Status status = Hold(reference).status();
    EXPECT_EQ(ReasonOf(status), "TARGET_FORBIDDEN") << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("lies outside of the operator's folder"));
  }
}

TEST_F(SecretStoreTest, APathTellsNothingOfFilesElsewhere) {
  Write("certificates/ca.pem", "PEM");
  Write("secrets-of-others/key", "S3cr3t");
  const std::string inside = (root_ / "certificates" / "ca.pem").string();
  const auto lease = store_.Hold({{}, {"ca.pem", inside}});
  ASSERT_TRUE(lease.ok()) << lease.status();
  EXPECT_EQ(*store_.ReadFile("ca.pem"), "PEM");
  EXPECT_EQ(*store_.ReadFile(inside), "PEM");
  for (const std::string path :
       {"../secrets-of-others/key", "../none", "/etc/passwd", "/etc/none", "x/../../secrets-of-others/key"}) {
    const absl::Status status = HoldPath(path).status();
    EXPECT_EQ(ReasonOf(status), "TARGET_FORBIDDEN") << path;
    EXPECT_THAT(std::string(status.message()), HasSubstr("lies outside of the operator's folder (certificates.dir)"));
  }
  EXPECT_EQ(ReasonOf(HoldPath("none.pem").status()), "FIELD_INVALID");
}

TEST_F(SecretStoreTest, WithoutFoldersNoFileIsRead) {
  SecretStore store({{"INLET_SECRET_*"}, "", ""});
  EXPECT_THAT(std::string(store.Hold({{"${file:a}"}, {}}).status().message()), HasSubstr("secrets.dir is not set"));
  EXPECT_THAT(std::string(store.Hold({{}, {"/etc/passwd"}}).status().message()), HasSubstr("certificates.dir"));
}

TEST_F(SecretStoreTest, LargeFilesAndOddOnesAreRefused) {
  Write("secrets/large", std::string(SecretStore::kMaxSecretBytes + 1, 'x'));
  Write("secrets/most", std::string(SecretStore::kMaxSecretBytes, 'x'));
  Write("secrets/zero", std::string("a\0b", 3));
  ASSERT_EQ(mkfifo((root_ / "secrets" / "pipe").c_str(), 0600), 0);
  EXPECT_TRUE(Hold("${file:most}").ok());
  EXPECT_THAT(std::string(Hold("${file:large}").status().message()), HasSubstr("is larger than 65536 bytes"));
  EXPECT_THAT(std::string(Hold("${file:pipe}").status().message()), HasSubstr("is no plain file"));
  EXPECT_THAT(std::string(Hold("${file:zero}").status().message()), HasSubstr("holds a zero byte"));
}

TEST_F(SecretStoreTest, ARefreshBringsTheNewValue) {
  Write("secrets/a", "one");
  const auto lease = Hold("${file:a}");
  Write("secrets/next", "two");
  fs::rename(root_ / "secrets" / "next", root_ / "secrets" / "a");
  EXPECT_EQ(*store_.Expand("${file:a}"), "one");
  store_.Refresh();
  EXPECT_EQ(*store_.Expand("${file:a}"), "two");
  fs::remove(root_ / "secrets" / "a");
  store_.Refresh();
  EXPECT_EQ(store_.Expand("${file:a}").status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(store_.Expand("${file:a}").status().message()), HasSubstr("${file:a} cannot be read"));
  Write("secrets/a", "three");
  store_.Refresh();
  EXPECT_EQ(*store_.Expand("x${file:a}"), "xthree");
}

TEST_F(SecretStoreTest, WhatNobodyHoldsIsForgotten) {
  auto one = *Hold("${env:INLET_SECRET_A}");
  auto other = *store_.Hold({{"${env:INLET_SECRET_A}", "${env:PLAIN}"}, {}});
  one.reset();
  store_.Refresh();
  EXPECT_EQ(store_.size(), 2U);
  other.reset();
  store_.Refresh();
  EXPECT_EQ(store_.size(), 0U);
  EXPECT_EQ(store_.Expand("${env:PLAIN}").status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(SecretStoreTest, AllThatReferToNothingShareOneLease) {
  const SecretLease lease = *store_.Hold({});
  ASSERT_NE(lease, nullptr);
  EXPECT_EQ(*store_.Hold({}), lease);
}

TEST_F(SecretStoreTest, AFailedHoldLeavesNothing) {
  EXPECT_FALSE(store_.Hold({{"${env:INLET_SECRET_A}", "${env:HOME}"}, {}}).ok());
  EXPECT_EQ(store_.size(), 0U);
}

TEST_F(SecretStoreTest, OthersReadWhileItIsRefreshed) {
  const auto lease = Hold("${env:INLET_SECRET_A}");
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::thread reader([&] {
    while (!stop) {
      const auto value = store_.Expand("${env:INLET_SECRET_A}");
      if (!value.ok() || *value != "alpha") ++wrong;
    }
  });
  for (int i = 0; i < 200; ++i) store_.Refresh();
  stop = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace inlet::service
