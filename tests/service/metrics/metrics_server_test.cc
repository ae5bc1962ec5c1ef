// The port: who asks gets what is counted at that moment.
#include "service/metrics/metrics_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <string>

#include "ingest/error.h"

namespace inlet::metrics {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Connection {
 public:
  explicit Connection(const std::string& address) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&peer), sizeof(peer)), 0);
  }
  ~Connection() { close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Send(std::string_view text) const {
    EXPECT_EQ(send(socket_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  void AwaitFirstByte() const {
    char byte = 0;
    EXPECT_EQ(recv(socket_, &byte, 1, MSG_PEEK), 1);
  }
  // What comes until the server closes.
  std::string ReadAll() const {
    std::string all;
    char part[4096];
    for (ssize_t size = 0; (size = recv(socket_, part, sizeof(part), 0)) > 0;) all.append(part, size);
    return all;
  }

 private:
  const int socket_;
};

std::string Get(const MetricsServer& server, std::string_view path) {
  const Connection connection(server.address());
  connection.Send("GET " + std::string(path) + " HTTP/1.0\r\n\r\n");
  return connection.ReadAll();
}

class MetricsServerTest : public testing::Test {
 protected:
  Sources AllSources() {
    Sources sources;
    sources.version = "1.2.3";
    sources.next_streams = [](std::string_view, size_t) { return std::vector<service::StreamEntryPtr>(); };
    sources.server = &server_;
    sources.client = &client_;
    sources.conf_key_file = &file_;
    sources.readings = {{Kind::kGauge, "inlet_test", "What a test says.", [this] { return value_.load(); }}};
    return sources;
  }

  ws::ServerCounters server_;
  ws::DialCounters client_;
  service::ConfKeyFileCounters file_;
  std::atomic<double> value_{1};
};

TEST_F(MetricsServerTest, AnswersWithWhatIsCountedNow) {
  const auto server = MetricsServer::Start("127.0.0.1:0", AllSources());
  ASSERT_TRUE(server.ok()) << server.status();
  file_.refused.Add();
  value_ = 42;
  EXPECT_THAT(Get(**server, "/metrics"),
              AllOf(HasSubstr("200 OK"), HasSubstr("inlet_build_info{version=\"1.2.3\"} 1\n"),
                    HasSubstr("inlet_conf_key_file_reloads_total{result=\"refused\"} 1\n"),
                    HasSubstr("inlet_test 42\n"), HasSubstr("inlet_accepted_total 0\n"), HasSubstr("process_threads")));
  value_ = 43;
  EXPECT_THAT(Get(**server, "/metrics"), HasSubstr("inlet_test 43\n"));
}

TEST_F(MetricsServerTest, WhatIsNotThereIsLeftOut) {
  Sources sources = AllSources();
  sources.conf_key_file = nullptr;
  const auto server = MetricsServer::Start("127.0.0.1:0", std::move(sources));
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_THAT(Get(**server, "/metrics"), AllOf(HasSubstr("200 OK"), Not(HasSubstr("conf_key_file"))));
}

TEST_F(MetricsServerTest, AnyOtherPathIsUnknown) {
  const auto server = MetricsServer::Start("127.0.0.1:0", AllSources());
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_THAT(Get(**server, "/"), HasSubstr("404"));
  EXPECT_THAT(Get(**server, "/../../etc/passwd"), Not(HasSubstr("root:")));
}

TEST_F(MetricsServerTest, APortThatIsTakenIsAnErrorThatNamesIt) {
  const auto first = MetricsServer::Start("127.0.0.1:0", AllSources());
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = MetricsServer::Start((*first)->address(), AllSources());
  ASSERT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(second.status()).reason, "ADDRESS_UNAVAILABLE");
  EXPECT_THAT(std::string(second.status().message()), HasSubstr((*first)->address()));
}

TEST_F(MetricsServerTest, AnAddressOfAnotherMachineIsAnError) {
  EXPECT_FALSE(MetricsServer::Start("192.0.2.1:0", AllSources()).ok());
}

TEST_F(MetricsServerTest, AClientThatDoesNotFinishDoesNotKeepOthersOut) {
  const auto server = MetricsServer::Start("127.0.0.1:0", AllSources());
  ASSERT_TRUE(server.ok()) << server.status();
  const Connection idle((*server)->address());
  idle.Send("GET /met");
  EXPECT_THAT(Get(**server, "/metrics"), HasSubstr("200 OK"));
}

TEST_F(MetricsServerTest, AClientThatDoesNotReadHoldsUpNoStop) {
  Sources sources = AllSources();
  const std::string help(1000, 'x');
  for (int i = 0; i < 20'000; ++i) sources.readings.push_back({Kind::kGauge, "inlet_filler", help, [] { return 0.0; }});
  auto server = MetricsServer::Start("127.0.0.1:0", std::move(sources));
  ASSERT_TRUE(server.ok()) << server.status();
  const Connection stuck((*server)->address());
  stuck.Send("GET /metrics HTTP/1.0\r\n\r\n");
  stuck.AwaitFirstByte();
  const auto begin = std::chrono::steady_clock::now();
  server->reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST_F(MetricsServerTest, AStopWithoutClientsTakesNoTime) {
  auto server = MetricsServer::Start("127.0.0.1:0", AllSources());
  ASSERT_TRUE(server.ok()) << server.status();
  Get(**server, "/metrics");
  const auto begin = std::chrono::steady_clock::now();
  server->reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1)) << "the library alone takes two";
}

TEST_F(MetricsServerTest, APortIsFreeAgainAfterItsServer) {
  auto server = MetricsServer::Start("127.0.0.1:0", AllSources());
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string address = (*server)->address();
  server->reset();
  EXPECT_TRUE(MetricsServer::Start(address, AllSources()).ok());
}

}  // namespace
}  // namespace inlet::metrics
