// What of a datasource is kept when it is sent back as it was read.
#include "service/config/kept_datasource.h"

#include "gtest/gtest.h"

namespace inlet::config {
namespace {

TEST(KeptDatasource, WhatWasReadIsWhatWasWritten) {
  for (const std::string kept :
       {"/a", "", "/a?token=x", "/a?token=x&mode=fast&token=y", "/a?x", "ws://user:pass@host:1/a?token=x",
        "/a?token=${env:TOKEN}", "/a?", "/a?token=", "/a?token=x&&b=y", "/a?token=x&back=http://h/x"}) {
    EXPECT_EQ(KeepDatasource(kept, {"mode"}, RedactUrl(kept, {"mode"})), kept);
  }
}

TEST(KeptDatasource, ValuesAreFoundByTheirNames) {
  EXPECT_EQ(KeepDatasource("/a?one=1&two=2", {}, "/b?two=<redacted>&new=3"), "/b?two=2&new=3");
  EXPECT_EQ(KeepDatasource("/a?one=1", {}, "/a?other=<redacted>"), "/a?other=<redacted>");
  EXPECT_EQ(KeepDatasource("/a?t=1&t=2", {}, "/a?t=<redacted>&t=<redacted>&t=<redacted>"), "/a?t=1&t=2&t=<redacted>");
  EXPECT_EQ(KeepDatasource("/a", {}, "/a?t=<redacted>"), "/a?t=<redacted>");
}

TEST(KeptDatasource, TheUserPartStaysWithItsUrl) {
  EXPECT_EQ(KeepDatasource("ws://u:p@host/a?t=1", {}, "ws://<redacted>@other/a?t=<redacted>"),
            "ws://<redacted>@other/a?t=1");
}

TEST(KeptDatasource, WhatIsShownIsTakenAsItIs) {
  EXPECT_EQ(KeepDatasource("/a?mode=fast", {"mode"}, "/a?mode=<redacted>"), "/a?mode=<redacted>");
}

}  // namespace
}  // namespace inlet::config
