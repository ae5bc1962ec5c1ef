// Which failures of a dial pass by themselves, and what a person is told of the others.
#include "ingest/ws/dial.h"

#include <gtest/gtest.h>

namespace inlet::ws {
namespace {

DialFailure Of(DialProblem problem, int http_status = 0) {
  DialFailure failure;
  failure.problem = problem;
  failure.http_status = http_status;
  return failure;
}

TEST(CanHeal, WhatTheNetworkDoesPasses) {
  for (const DialProblem problem : {DialProblem::kAuthorities, DialProblem::kNameUnknown, DialProblem::kResolverFailed,
                                    DialProblem::kRefused, DialProblem::kUnreachable, DialProblem::kTimeout,
                                    DialProblem::kTlsFailed, DialProblem::kNotHttp, DialProblem::kProxyRefused}) {
    EXPECT_TRUE(CanHeal(Of(problem))) << static_cast<int>(problem);
  }
}

TEST(CanHeal, WhatSomebodyMustChangeDoesNot) {
  for (const DialProblem problem :
       {DialProblem::kCredentials, DialProblem::kSetting, DialProblem::kForbidden, DialProblem::kNotTls,
        DialProblem::kTlsVersion, DialProblem::kCertificateExpired, DialProblem::kCertificateHost,
        DialProblem::kCertificateUntrusted, DialProblem::kClientCertificate, DialProblem::kRedirect,
        DialProblem::kBadAccept, DialProblem::kSubprotocol}) {
    EXPECT_FALSE(CanHeal(Of(problem))) << static_cast<int>(problem);
  }
}

TEST(CanHeal, AnHttpStatusTellsByItself) {
  for (const int status : {400, 401, 403, 404, 405, 410, 426, 501, 505}) {
    EXPECT_FALSE(CanHeal(Of(DialProblem::kHttpStatus, status))) << status;
  }
  for (const int status : {408, 425, 429, 500, 502, 503, 504}) {
    EXPECT_TRUE(CanHeal(Of(DialProblem::kHttpStatus, status))) << status;
  }
  EXPECT_FALSE(CanHeal(Of(DialProblem::kProxyRefused, 407)));
  EXPECT_TRUE(CanHeal(Of(DialProblem::kProxyRefused, 502)));
}

TEST(StageName, IsThatOfTheContract) {
  EXPECT_EQ(StageName(DialStage::kResolve), "resolve");
  EXPECT_EQ(StageName(DialStage::kConnect), "connect");
  EXPECT_EQ(StageName(DialStage::kTls), "tls");
  EXPECT_EQ(StageName(DialStage::kUpgrade), "upgrade");
}

}  // namespace
}  // namespace inlet::ws
