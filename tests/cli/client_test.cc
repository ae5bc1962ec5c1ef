// Calls against a service of one's own.
#include "cli/client.h"

#include <gtest/gtest.h>

#include "tests/cli/fake_service.h"

namespace inlet::cli {
namespace {

TEST(Client, ListReadsAllPages) {
  FakeService service;
  std::vector<v1::ListStreamsResponse> pages(3);
  for (size_t i = 0; i < pages.size(); ++i) {
    pages[i].add_streams()->set_name(std::to_string(i));
    if (i + 1 < pages.size()) pages[i].set_next_page_token(std::to_string(i + 1));
  }
  for (const v1::ListStreamsResponse& page : pages) service.script().Queue("ListStreams", page);
  Client client(service.address(), std::chrono::seconds(10));
  v1::ListStreamsResponse all;
  ASSERT_TRUE(client.List(v1::ListStreamsRequest(), all).ok());
  ASSERT_EQ(all.streams_size(), 3);
  EXPECT_EQ(all.streams(2).name(), "2");
  const auto requests = service.script().Requests<v1::ListStreamsRequest>("ListStreams");
  EXPECT_EQ(requests.at(2).page_token(), "2");
}

TEST(Client, NobodyAtTheAddressIsUnavailable) {
  std::string address;
  {
    const FakeService gone;
    address = gone.address();
  }
  Client client(address, std::chrono::seconds(10));
  v1::Stream stream;
  EXPECT_EQ(client.Get("demo", stream).error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace inlet::cli
