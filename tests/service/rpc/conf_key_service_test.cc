// The ConfKeyService as a client sees it.
#include "service/rpc/conf_key_service.h"

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "service/rpc/error_mapping.h"
#include "service/rpc/grpc_server.h"
#include "tests/service/rpc/service_fixture.h"

namespace inlet::rpc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ConfKeyServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(file_.Set("feed", Settings("Bearer of-the-file"), "w.yaml:3").ok());
    service::ConfKeyRegistry::Options options;
    options.next_streams = Next();
    options.plan = [](const service::StreamEntry& stream, const config::ConfKeys& keys) {
      v1::CreateStreamRequest request;
      *request.mutable_stream() = stream.definition.Unpack();
      return service::PlanStream(request, keys, {});
    };
    options.apply = [](const auto& plans, const auto& commit) -> absl::StatusOr<std::vector<std::string>> {
      if (absl::Status committed = commit ? commit() : absl::OkStatus(); !committed.ok()) return committed;
      std::vector<std::string> names;
      for (auto plan = plans.rbegin(); plan != plans.rend(); ++plan) names.push_back(plan->spec.name);
      return names;
    };
    registry_ = std::make_unique<service::ConfKeyRegistry>(file_, std::move(options));
    service_ = std::make_unique<ConfKeyService>(ConfKeyService::Options{registry_.get(), &control_, Next()});
    auto server = GrpcServer::Start("127.0.0.1:0", *service_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::ConfKeyService::NewStub(grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials()));
  }
  void TearDown() override { server_.reset(); }

  service::NextStreams Next() {
    return [this](std::string_view after, size_t limit) { return parts_.registry.ListAfter(after, limit); };
  }
  static v1::SourceSettings Settings(const std::string& authorization) {
    v1::SourceSettings settings;
    (*settings.mutable_request_header())["Authorization"] = authorization;
    return settings;
  }
  grpc::Status Get(const std::string& name, v1::ConfKey& key) {
    grpc::ClientContext context;
    v1::GetConfKeyRequest request;
    request.set_name(name);
    return stub_->GetConfKey(&context, request, &key);
  }
  grpc::Status Put(const std::string& name, const v1::SourceSettings& settings, v1::PutConfKeyResponse& response,
                   bool validate_only = false) {
    grpc::ClientContext context;
    v1::PutConfKeyRequest request;
    request.mutable_conf_key()->set_name(name);
    *request.mutable_conf_key()->mutable_settings() = settings;
    request.set_validate_only(validate_only);
    return stub_->PutConfKey(&context, request, &response);
  }
  grpc::Status Delete(const std::string& name) {
    grpc::ClientContext context;
    v1::DeleteConfKeyRequest request;
    request.set_name(name);
    v1::DeleteConfKeyResponse response;
    return stub_->DeleteConfKey(&context, request, &response);
  }
  grpc::Status List(int size, const std::string& token, v1::ListConfKeysResponse& page) {
    grpc::ClientContext context;
    v1::ListConfKeysRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    return stub_->ListConfKeys(&context, request, &page);
  }

  config::ConfKeys file_;
  ServiceParts parts_;
  service::ControlThread control_{{}};
  std::unique_ptr<service::ConfKeyRegistry> registry_;
  std::unique_ptr<ConfKeyService> service_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<v1::ConfKeyService::Stub> stub_;
};

TEST_F(ConfKeyServiceTest, AKeyShowsItsLayerItsStreamsAndNoSecret) {
  ASSERT_TRUE(parts_.Create("demo").ok());
  v1::ConfKey key;
  ASSERT_TRUE(Get("feed", key).ok());
  EXPECT_EQ(key.layer(), v1::ConfKey::CONFIG_FILE);
  EXPECT_EQ(key.settings().request_header().at("Authorization"), "<redacted>");
  EXPECT_FALSE(key.has_update_time());
  EXPECT_FALSE(key.etag().empty());
  EXPECT_EQ(key.streams_size(), 0);
  ASSERT_TRUE(Get("default", key).ok());
  EXPECT_THAT(key.streams(), ElementsAre("demo"));
}

TEST_F(ConfKeyServiceTest, WhatWasReadCanBeSentBack) {
  v1::ConfKey key;
  ASSERT_TRUE(Get("feed", key).ok());
  v1::PutConfKeyResponse response;
  const grpc::Status status = Put("feed", key.settings(), response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.conf_key().layer(), v1::ConfKey::API);
  EXPECT_TRUE(response.conf_key().has_update_time());
  EXPECT_EQ(registry_->snapshot()->entries.find("feed")->second.settings.request_header().at("Authorization"),
            "Bearer of-the-file");
}

TEST_F(ConfKeyServiceTest, ThePutTellsWhoReconnectsInByteOrder) {
  ASSERT_TRUE(parts_.Create("a").ok());
  ASSERT_TRUE(parts_.Create("b").ok());
  v1::SourceSettings settings;
  settings.set_max_message_bytes(5000);
  v1::PutConfKeyResponse response;
  ASSERT_TRUE(Put("default", settings, response).ok());
  EXPECT_THAT(response.reconnecting_streams(), ElementsAre("a", "b"));
  EXPECT_THAT(response.conf_key().streams(), ElementsAre("a", "b"));
}

TEST_F(ConfKeyServiceTest, WhatWasOnlyValidatedHasNoEtag) {
  v1::PutConfKeyResponse response;
  ASSERT_TRUE(Put("mine", Settings("Bearer 1"), response, true).ok());
  EXPECT_EQ(response.conf_key().etag(), "");
  EXPECT_EQ(response.conf_key().settings().request_header().at("Authorization"), "<redacted>");
  v1::ConfKey key;
  EXPECT_EQ(Get("mine", key).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(ConfKeyServiceTest, AnUnknownKeyIsNotFoundWithTheNearest) {
  v1::ConfKey key;
  const grpc::Status status = Get("fed", key);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(status), "CONF_KEY_UNKNOWN");
  EXPECT_THAT(status.error_message(), HasSubstr("feed"));
  EXPECT_EQ(ReasonOf(Delete("fed")), "CONF_KEY_UNKNOWN");
  EXPECT_EQ(Get("", key).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ConfKeyServiceTest, AKeyOfTheFileIsNotDeletedHere) {
  EXPECT_EQ(ReasonOf(Delete("feed")), "CONF_KEY_READ_ONLY");
  v1::PutConfKeyResponse response;
  ASSERT_TRUE(Put("feed", {}, response).ok());
  EXPECT_TRUE(Delete("feed").ok());
}

TEST_F(ConfKeyServiceTest, ListsComeInPagesByName) {
  v1::PutConfKeyResponse response;
  ASSERT_TRUE(Put("a", {}, response).ok());
  v1::ListConfKeysResponse page;
  ASSERT_TRUE(List(2, "", page).ok());
  ASSERT_EQ(page.conf_keys_size(), 2);
  EXPECT_EQ(page.conf_keys(0).name(), "a");
  EXPECT_EQ(page.conf_keys(1).name(), "default");
  ASSERT_FALSE(page.next_page_token().empty());
  ASSERT_TRUE(List(2, page.next_page_token(), page).ok());
  ASSERT_EQ(page.conf_keys_size(), 1);
  EXPECT_EQ(page.conf_keys(0).name(), "feed");
  EXPECT_EQ(page.next_page_token(), "");
  EXPECT_EQ(List(-1, "", page).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(List(0, "x", page).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ConfKeyServiceTest, APageEndsAtItsBytesAndHoldsAtLeastOne) {
  v1::SourceSettings large;
  for (int i = 0; i < 20; ++i) large.add_open_messages(std::string(40'000, 'x'));
  v1::PutConfKeyResponse response;
  ASSERT_TRUE(Put("a", large, response).ok());
  ASSERT_TRUE(Put("b", large, response).ok());
  v1::ListConfKeysResponse page;
  ASSERT_TRUE(List(0, "", page).ok());
  EXPECT_EQ(page.conf_keys_size(), 1);
  ASSERT_TRUE(List(0, page.next_page_token(), page).ok());
  EXPECT_EQ(page.conf_keys(0).name(), "b");
  EXPECT_EQ(page.next_page_token(), "");
}

TEST_F(ConfKeyServiceTest, WhyTheFilesTextIsNotInUseIsShown) {
  registry_->RefuseFile("w.yaml:2: not valid YAML");
  v1::ConfKey key;
  ASSERT_TRUE(Get("feed", key).ok());
  EXPECT_EQ(key.file_error(), "w.yaml:2: not valid YAML");
}

}  // namespace
}  // namespace inlet::rpc
