// What an error of ours is on the wire.
#include "service/rpc/error_mapping.h"

#include <string>

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "ingest/error.h"

namespace inlet::rpc {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

// Read with the originals' names, as a foreign client would.
template <typename Detail>
Detail DetailOf(const grpc::Status& status) {
  const wire::Status parsed = ParseErrorDetails(status).value_or(wire::Status());
  Detail found;
  const std::string type = "type.googleapis.com/" + Detail::descriptor()->full_name();
  int count = 0;
  for (const auto& any : parsed.details()) {
    if (any.type_url() != type) continue;
    EXPECT_TRUE(found.ParseFromString(any.value()));
    ++count;
  }
  EXPECT_EQ(count, 1) << type;
  return found;
}

// As the trailers carry it: the message with %XX, the details in base64.
size_t BytesOnTheWire(const grpc::Status& status) {
  size_t message = 0;
  for (const char byte : status.error_message()) message += byte >= ' ' && byte <= '~' && byte != '%' ? 1 : 3;
  return message + (status.error_details().size() + 2) / 3 * 4;
}

TEST(ErrorMapping, OkStaysOk) { EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok()); }

TEST(ErrorMapping, CarriesReasonDomainAndMetadata) {
  const grpc::Status status =
      ToGrpcStatus(MakeError(absl::StatusCode::kAlreadyExists, "stream \"a\" exists already",
                             {"STREAM_EXISTS", {{"stream", "a"}, {"differs_in", "x"}}, "", {}}));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(status.error_message(), "stream \"a\" exists already");
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  EXPECT_EQ(info.reason(), "STREAM_EXISTS");
  EXPECT_EQ(info.domain(), "inlet");
  EXPECT_EQ(info.metadata().at("stream"), "a");
  EXPECT_EQ(info.metadata().at("differs_in"), "x");
  const auto parsed = ParseErrorDetails(status);
  EXPECT_EQ(parsed->code(), static_cast<int>(grpc::StatusCode::ALREADY_EXISTS));
  EXPECT_EQ(parsed->message(), status.error_message());
  EXPECT_THAT(parsed->details(), SizeIs(1));
}

TEST(ErrorMapping, AFieldAtFaultIsABadRequest) {
  const grpc::Status status = ToGrpcStatus(FieldInvalid("stream.name", "a name begins with a letter"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const auto request = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_EQ(request.field_violations_size(), 1);
  EXPECT_EQ(request.field_violations(0).field(), "stream.name");
  EXPECT_EQ(request.field_violations(0).description(), "a name begins with a letter");
}

TEST(ErrorMapping, AnAdviceToComeBackIsARetryInfo) {
  const grpc::Status status = ToGrpcStatus(
      MakeError(absl::StatusCode::kUnavailable, "later", {"DRAINING", {}, "", std::chrono::milliseconds(1500)}));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  const auto retry = DetailOf<google::rpc::RetryInfo>(status);
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 500'000'000);
}

TEST(ErrorMapping, WithoutDetailItIsCodeAndMessage) {
  const grpc::Status status = ToGrpcStatus(absl::InternalError("no epoll"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(status.error_message(), "no epoll");
  EXPECT_EQ(status.error_details(), "");
  EXPECT_FALSE(ParseErrorDetails(status).has_value());
}

TEST(ErrorMapping, EveryCodeIsItself) {
  for (int code = 1; code <= 16; ++code) {
    EXPECT_EQ(static_cast<int>(ToGrpcStatus(absl::Status(static_cast<absl::StatusCode>(code), "x")).error_code()),
              code);
  }
}

TEST(ErrorMapping, StaysSmallWhateverItIsAbout) {
  for (const std::string& piece :
       {std::string("x"), std::string("\xE2\x82\xAC"), std::string("\n"), std::string("\xFF"), std::string("%")}) {
    std::string huge;
    while (huge.size() < 100'000) huge += piece;
    ErrorDetail detail{"FIELD_INVALID", {}, huge, std::chrono::seconds(1)};
    for (int i = 0; i < 100; ++i) detail.metadata.emplace_back("key" + std::to_string(i) + huge, huge);
    const grpc::Status status =
        ToGrpcStatus(MakeError(absl::StatusCode::kInvalidArgument, "begins " + huge + " hint", detail));
    EXPECT_LE(BytesOnTheWire(status), kMaxErrorBytes) << piece;
    EXPECT_THAT(status.error_message(), StartsWith("begins "));
    EXPECT_THAT(status.error_message(), HasSubstr(" ... "));
    EXPECT_THAT(status.error_message(), EndsWith(" hint"));
    EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).reason(), "FIELD_INVALID");
  }
}

TEST(ErrorMapping, WhatIsNotUtf8IsMended) {
  const grpc::Status status = ToGrpcStatus(FieldInvalid("sql", "found \"\xC3\x28 \xE2\x82\xAC \xED\xA0\x80\xC0\x80\""));
  EXPECT_EQ(status.error_message(), "found \"?( \xE2\x82\xAC ?????\"");
  EXPECT_EQ(ParseErrorDetails(status)->message(), status.error_message());
}

TEST(ErrorMapping, NeverCutsACharacter) {
  for (size_t shift = 0; shift < 4; ++shift) {
    std::string text(shift, 'x');
    while (text.size() < 2000) text += "\xF0\x9F\x98\x80";
    const std::string message = ToGrpcStatus(FieldInvalid("f", text)).error_message();
    const size_t cut = message.find(" ... ");
    ASSERT_NE(cut, std::string::npos);
    EXPECT_EQ((cut - shift) % 4, 0U);
    EXPECT_EQ((message.size() - cut - 5) % 4, 0U);
  }
}

}  // namespace
}  // namespace inlet::rpc
