// Errors of calls, for somebody who types commands.
#include "cli/service_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <utility>
#include <vector>

#include "inlet/wire/error_details.pb.h"

namespace inlet::cli {
namespace {

using testing::HasSubstr;

const Invocation kHere{"h:1", std::chrono::milliseconds(5), ListCommand{}};

grpc::Status Told(const std::string& reason, const std::vector<std::pair<std::string, std::string>>& metadata) {
  wire::ErrorInfo info;
  info.set_reason(reason);
  for (const auto& [key, value] : metadata) (*info.mutable_metadata())[key] = value;
  wire::Status details;
  google::protobuf::Any& any = *details.add_details();
  any.set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
  any.set_value(info.SerializeAsString());
  return {grpc::StatusCode::NOT_FOUND, "told", details.SerializeAsString()};
}

TEST(ServiceError, HasReasonAndMetadata) {
  const ServiceError error = ReadServiceError(Told("OFFSET_AHEAD", {{"next_offset", "7"}}));
  EXPECT_EQ(error.reason, "OFFSET_AHEAD");
  EXPECT_EQ(error.metadata.at("next_offset"), "7");
  EXPECT_EQ(ReadServiceError({grpc::StatusCode::UNAVAILABLE, "x", "no message"}).reason, "");
}

TEST(ErrorHint, SpeaksTheWordsOfTheCommandLine) {
  unsetenv("INLET_ADDRESS");
  EXPECT_EQ(ErrorHint(Told("STREAM_UNKNOWN", {}), kHere), "inletctl list --address h:1 shows all streams");
  EXPECT_EQ(ErrorHint(Told("STREAM_UNKNOWN", {{"nearest", "demo"}}), kHere), "");
  EXPECT_THAT(ErrorHint(Told("STREAM_EXISTS", {{"differs_in", ""}}), kHere), HasSubstr("--allow-existing"));
  EXPECT_EQ(ErrorHint(Told("STREAM_EXISTS", {{"differs_in", "datasource"}}), kHere), "");
  EXPECT_EQ(ErrorHint(Told("FIELD_INVALID", {{"field", "target"}}), kHere),
            "--to ID, --where VARIABLE=VALUE or --all says to whom");
  EXPECT_EQ(ErrorHint(Told("FIELD_INVALID", {{"field", "text"}}), kHere), "");
}

TEST(ErrorText, WithoutAnAnswerItSaysHowLongAndWhere) {
  const grpc::Status silent(grpc::StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded");
  EXPECT_EQ(ErrorText(silent, kHere), "no answer in 5ms");
  EXPECT_EQ(ErrorHint(silent, kHere), "is inletd running at h:1?");
  EXPECT_EQ(ErrorText({grpc::StatusCode::INTERNAL, ""}, kHere), "the call failed with code 13");
}

TEST(ErrorHint, AWebSocketPortIsRecognised) {
  const grpc::Status status(grpc::StatusCode::UNAVAILABLE, "Trying to connect an http1.x server");
  EXPECT_THAT(ErrorHint(status, kHere), HasSubstr("is h:1 the WebSocket port?"));
}

}  // namespace
}  // namespace inlet::cli
