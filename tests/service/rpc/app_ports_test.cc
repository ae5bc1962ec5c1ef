// What the service says of its addresses at the start, and what it does when another program has one of them.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest/error.h"
#include "service/app_banner.h"
#include "service/app_port.h"
#include "tests/service/rpc/app_fixture.h"

namespace inlet::service {
namespace {

using testing::HasSubstr;

TEST(App, TheBannerNamesAddressesAndCommandsThatReachThem) {
  const auto app = App::Start(AnyPorts());
  ASSERT_TRUE(app.ok()) << app.status();
  const std::string address = (*app)->grpc_address();
  const std::string banner = StartBanner(**app, "1.2.3", "/opt/inletctl");
  EXPECT_THAT(banner, HasSubstr("inletd 1.2.3\n  gRPC         " + address + "\n"));
  EXPECT_THAT(banner, HasSubstr("  /opt/inletctl create --address " + address + " 'CREATE STREAM demo () WITH ("));
  EXPECT_THAT(banner, HasSubstr("  /opt/inletctl subscribe demo --from earliest --address " + address + "\n"));
  EXPECT_THAT(banner, HasSubstr(address + " inlet.v1.StreamService/Subscribe"));
  EXPECT_THAT(banner, HasSubstr("(opens with the first stream)"));
}

TEST(App, TheBannerOfAServerThatIsOpenAlreadyPromisesNoOpening) {
  config::Loaded config = AnyPorts();
  config::DefinedStream& stream = config.streams.emplace_back();
  stream.request.mutable_stream()->set_name("fixed");
  stream.place = "inlet.yaml:3";
  const auto app = App::Start(config);
  ASSERT_TRUE(app.ok()) << app.status();
  EXPECT_THAT(StartBanner(**app, "1", "inletctl"), testing::Not(HasSubstr("opens")));
}

TEST(App, TheBannerSaysWhereToSend) {
  config::Loaded config = AnyPorts();
  config.app.server.public_url = "wss://feed.example.com";
  const auto app = App::Start(config);
  ASSERT_TRUE(app.ok()) << app.status();
  EXPECT_THAT(StartBanner(**app, "1", "inletctl"), HasSubstr("-m websockets wss://feed.example.com/api/data\n"));
}

TEST(App, AWebSocketPortThatAnotherProgramHasIsToldAtTheStart) {
  const int holder = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(holder, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(holder, 1), 0);
  ASSERT_EQ(getsockname(holder, reinterpret_cast<sockaddr*>(&address), &size), 0);
  config::Loaded config = AnyPorts();
  config.app.server.http_server_port = ntohs(address.sin_port);
  const Journal journal;
  {
    const auto app = App::Start(config);
    ASSERT_TRUE(app.ok()) << app.status();
    EXPECT_TRUE(journal.Has("websocket_port_taken"));
    EXPECT_THAT(StartBanner(**app, "1", "inletctl"), HasSubstr("(taken by another program"));
  }
  close(holder);
}

TEST(App, AFreeWebSocketPortIsStillFreeForTheFirstStream) {
  config::Loaded config = AnyPorts();
  // Below the ports that the system gives to connections.
  uint16_t& port = config.app.server.http_server_port;
  port = static_cast<uint16_t>(20'000 + getpid() % 10'000);
  while (IsPortTaken(config.app.server.http_server_ip, port)) ++port;
  const auto app = App::Start(config);
  ASSERT_TRUE(app.ok()) << app.status();
  EXPECT_FALSE((*app)->websocket_port_taken());
  v1::Stream created;
  const grpc::Status status = Client(**app).Create("demo", &created);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST(App, ATakenGrpcPortEndsTheStart) {
  const auto first = App::Start(AnyPorts());
  ASSERT_TRUE(first.ok()) << first.status();
  config::Loaded config = AnyPorts();
  config.app.grpc.address = (*first)->grpc_address();
  const auto second = App::Start(config);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(GetErrorDetail(second.status()).reason, "ADDRESS_UNAVAILABLE");
  EXPECT_THAT(std::string(second.status().message()), HasSubstr((*first)->grpc_address()));
}

TEST(App, ATakenMetricsPortIsToldAndTheServiceRuns) {
  const auto first = App::Start(AnyPorts());
  ASSERT_TRUE(first.ok()) << first.status();
  const std::string address = (*first)->metrics_address();
  EXPECT_THAT(StartBanner(**first, "1", "inletctl"), HasSubstr("\n  metrics      http://" + address + "/metrics\n"));
  config::Loaded config = AnyPorts();
  config.app.metrics.address = address;
  const Journal journal;
  const auto second = App::Start(config);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(journal.Has("metrics_unavailable"));
  EXPECT_EQ((*second)->metrics_address(), "");
  EXPECT_THAT(StartBanner(**second, "1", "inletctl"), HasSubstr("  metrics      " + address + " cannot be opened"));
  v1::Stream created;
  EXPECT_TRUE(Client(**second).Create("demo", &created).ok());
}

TEST(App, WithoutAMetricsAddressNoPortIsOpened) {
  config::Loaded config = AnyPorts();
  config.app.metrics.address.clear();
  const auto app = App::Start(config);
  ASSERT_TRUE(app.ok()) << app.status();
  EXPECT_EQ((*app)->metrics_address(), "");
  EXPECT_THAT(StartBanner(**app, "1", "inletctl"), HasSubstr("\n  metrics      none\n"));
}

}  // namespace
}  // namespace inlet::service
