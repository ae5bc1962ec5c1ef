// Limits are named alike, wherever they are.
#include "ingest/limit_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "ingest/error.h"

namespace inlet {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr Limit kAll[] = {Limit::kSubscribers, Limit::kStreams,      Limit::kWatchers,
                          Limit::kChecks,      Limit::kWaitingCalls, Limit::kConfKeyBytes};

TEST(LimitReached, HasTheMetadataThatTheContractLists) {
  const absl::Status status = LimitReached(Limit::kStreams, 7, "there are 7 streams");
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorDetail(status).reason, "LIMIT_REACHED");
  EXPECT_THAT(GetErrorDetail(status).metadata, ElementsAre(Pair("limit", "streams.maxStreams"), Pair("value", "7")));
}

TEST(LimitReached, WaitingHelpsWhereOthersLeaveByThemselves) {
  for (const Limit limit : kAll) {
    const bool passes = limit != Limit::kStreams && limit != Limit::kConfKeyBytes;
    EXPECT_EQ(GetErrorDetail(LimitReached(limit, 1, "full")).retry_delay.count() > 0, passes);
  }
}

// A setting's key, or camelCase: never snake_case beside it.
TEST(LimitName, IsOneOfOneSet) {
  std::set<std::string> names;
  for (const Limit limit : kAll) names.emplace(LimitName(limit));
  EXPECT_THAT(names, ElementsAre("checks", "confKeyBytes", "grpc.maxSubscribers", "streams.maxStreams", "waitingCalls",
                                 "watchers"));
}

}  // namespace
}  // namespace inlet
