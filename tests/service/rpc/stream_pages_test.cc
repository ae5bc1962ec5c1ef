// How streams are listed a page at a time.
#include "service/rpc/stream_pages.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest/error.h"
#include "service/rpc/convert.h"
#include "tests/service/rpc/service_fixture.h"

namespace inlet::rpc {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

std::vector<std::string> Names(const v1::ListStreamsResponse& page) {
  std::vector<std::string> names;
  for (const v1::Stream& stream : page.streams()) names.push_back(stream.name());
  return names;
}

class StreamPages : public testing::Test {
 protected:
  void CreateAll(const std::vector<std::string>& names) {
    for (const std::string& name : names) ASSERT_TRUE(parts_.Create(name).ok());
  }
  absl::StatusOr<v1::ListStreamsResponse> Page(int32_t size, const std::string& token = "",
                                               const ShowStream& show = ToStream) const {
    v1::ListStreamsRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    return ListPage(request, parts_.registry, show);
  }

  ServiceParts parts_;
};

TEST_F(StreamPages, NoStreamsIsAnEmptyPage) {
  const auto page = Page(0);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->streams_size(), 0);
  EXPECT_EQ(page->next_page_token(), "");
}

TEST_F(StreamPages, PagesFollowEachOtherInByteOrder) {
  CreateAll({"b", "B", "a", "c"});
  const auto first = Page(3);
  EXPECT_THAT(Names(*first), ElementsAre("B", "a", "b"));
  const auto last = Page(3, first->next_page_token());
  EXPECT_THAT(Names(*last), ElementsAre("c"));
  EXPECT_EQ(last->next_page_token(), "");
}

TEST_F(StreamPages, AFullLastPageHasNoToken) {
  CreateAll({"a", "b"});
  EXPECT_EQ(Page(2)->next_page_token(), "");
}

TEST_F(StreamPages, ATokenStaysGoodWhenItsStreamIsGone) {
  CreateAll({"a", "b", "c"});
  const std::string token = Page(2)->next_page_token();
  ASSERT_TRUE(parts_.registry.Delete("b", false).ok());
  CreateAll({"aa", "bb"});
  EXPECT_THAT(Names(*Page(5, token)), ElementsAre("bb", "c"));
}

TEST_F(StreamPages, RefusesForeignTokensAndNegativeSizes) {
  for (const char* token : {"x", "a", "YWZ0ZXI6", "YWZ0ZXI6LS0", "%%%"}) {
    const auto page = Page(1, token);
    EXPECT_EQ(GetErrorDetail(page.status()).reason, "FIELD_INVALID") << token;
    EXPECT_EQ(GetErrorDetail(page.status()).field, "page_token") << token;
  }
  EXPECT_EQ(GetErrorDetail(Page(-1).status()).field, "page_size");
}

TEST_F(StreamPages, HoldsAHundredByDefaultAndAThousandAtMost) {
  std::vector<std::string> names;
  names.reserve(1001);
  for (int i = 0; i < 1001; ++i) names.push_back("s" + std::to_string(10'000 + i));
  CreateAll(names);
  EXPECT_EQ(Page(0)->streams_size(), 100);
  const auto most = Page(5000);
  EXPECT_EQ(most->streams_size(), 1000);
  EXPECT_THAT(Names(*Page(5000, most->next_page_token())), SizeIs(1));
}

TEST_F(StreamPages, EndsBeforeAMebibyteButHoldsAtLeastOne) {
  CreateAll({"a", "b", "c"});
  const auto padded = [](size_t bytes) {
    return [bytes](const service::StreamEntry& entry) {
      v1::Stream stream = ToStream(entry);
      stream.set_sql(std::string(bytes, 'x'));
      return stream;
    };
  };
  const auto two = Page(10, "", padded(400'000));
  EXPECT_EQ(two->streams_size(), 2);
  EXPECT_LE(two->ByteSizeLong(), kMaxPageBytes);
  EXPECT_THAT(Names(*Page(10, two->next_page_token())), ElementsAre("c"));
  const auto one = Page(10, "", padded(2'000'000));
  EXPECT_EQ(one->streams_size(), 1);
  EXPECT_NE(one->next_page_token(), "");
}

}  // namespace
}  // namespace inlet::rpc
