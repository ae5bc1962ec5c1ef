// The resolver: names to addresses, beside a name server of the test's own.
#include "ingest/ws/resolver.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <future>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace inlet::ws {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

// Answers A and AAAA questions: "two.test" has two addresses of each family, "v4.test" one of IPv4, names that begin
// with "dead" get no answer, "broken" a failure, others do not exist.
class NameServer {
 public:
  NameServer() {
    socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~NameServer() {
    stop_ = true;
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    close(socket_);
  }
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  void Serve() {
    std::array<char, 512> bytes{};
    while (!stop_) {
      sockaddr_in peer{};
      socklen_t size = sizeof peer;
      const ssize_t got = recvfrom(socket_, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&peer), &size);
      if (got <= 12) continue;
      const std::string answer = Answer(std::string(bytes.data(), static_cast<size_t>(got)));
      if (!answer.empty()) sendto(socket_, answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&peer), size);
    }
  }

  static std::string Answer(const std::string& query) {
    std::string name;
    size_t at = 12;
    while (query[at] != 0) {
      const size_t length = static_cast<unsigned char>(query[at]);
      name += (name.empty() ? "" : ".") + query.substr(at + 1, length);
      at += length + 1;
    }
    const int type = static_cast<unsigned char>(query[at + 2]);
    const std::string question = query.substr(12, at + 5 - 12);
    if (name.starts_with("dead")) return "";
    std::vector<std::string> data;
    int code = 0;
    if (name == "two.test" && type == 1) data = {{"\x0a\x00\x00\x01", 4}, {"\x0a\x00\x00\x02", 4}};
    if (name == "two.test" && type == 28) data = {std::string(15, '\x20') + "1", std::string(15, '\x20') + "2"};
    if (name == "v4.test" && type == 1) data = {{"\x0a\x00\x00\x03", 4}};
    if (name == "broken.test") code = 2;
    if (name != "two.test" && name != "v4.test" && name != "empty.test" && code == 0) code = 3;
    std::string answer = query.substr(0, 2) + "\x81" + static_cast<char>(0x80 | code) + std::string("\0\x01\0", 3) +
                         static_cast<char>(data.size()) + std::string(4, '\0') + question;
    for (const std::string& one : data) {
      answer += std::string("\xc0\x0c\0", 3) + static_cast<char>(type) + std::string("\0\x01\0\0\0\x3c\0", 7) +
                static_cast<char>(one.size()) + one;
    }
    return answer;
  }

  int socket_ = -1;
  uint16_t port_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

class ResolverTest : public testing::Test {
 protected:
  void SetUp() override {
    loop_ = *EventLoop::Create({});
    loop_->Start();
    OnLoop([this] { resolver_ = std::make_unique<Resolver>(*loop_, Resolver::Options{server_.address()}); });
  }
  void TearDown() override {
    OnLoop([this] {
      queries_.clear();
      resolver_.reset();
    });
    loop_->Stop();
  }
  void OnLoop(const std::function<void()>& task) {
    EXPECT_TRUE(loop_
                    ->Call([&] {
                      task();
                      return absl::OkStatus();
                    })
                    .ok());
  }
  std::future<Resolver::Result> Resolve(const std::string& name, milliseconds timeout = milliseconds(20'000)) {
    auto promise = std::make_shared<std::promise<Resolver::Result>>();
    std::future<Resolver::Result> future = promise->get_future();
    OnLoop([&] {
      queries_.push_back(resolver_->Resolve(
          name, 80, timeout, [promise](Resolver::Result result) { promise->set_value(std::move(result)); }));
    });
    return future;
  }
  static std::vector<std::string> Texts(const Resolver::Result& result) {
    std::vector<std::string> texts;
    if (!result.ok()) return {std::string(result.status().message())};
    for (const PeerAddress& address : *result) texts.push_back(address.ToString());
    return texts;
  }

  NameServer server_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<Resolver> resolver_;
  std::vector<std::unique_ptr<Resolver::Query>> queries_;
};

TEST_F(ResolverTest, LiteralsNeedNoServer) {
  EXPECT_THAT(Texts(Resolve("127.0.0.2").get()), ElementsAre("127.0.0.2:80"));
  EXPECT_THAT(Texts(Resolve("fd00::1").get()), ElementsAre("[fd00::1]:80"));
}

TEST_F(ResolverTest, LocalhostNeedsNoServer) {
  EXPECT_THAT(Texts(Resolve("localhost").get()), testing::Contains("127.0.0.1:80"));
}

TEST_F(ResolverTest, FamiliesAlternate) {
  const Resolver::Result result = Resolve("two.test").get();
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_EQ(result->size(), 4U);
  EXPECT_NE((*result)[0].family(), (*result)[1].family());
  EXPECT_EQ((*result)[0].family(), (*result)[2].family());
}

TEST_F(ResolverTest, AMissingFamilyIsNoError) {
  EXPECT_THAT(Texts(Resolve("v4.test").get()), ElementsAre("10.0.0.3:80"));
}

TEST_F(ResolverTest, FailuresAreToldApart) {
  EXPECT_EQ(Resolve("missing.test").get().status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Resolve("empty.test").get().status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Resolve("broken.test").get().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Resolve("dead.test", milliseconds(100)).get().status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(ResolverTest, DeadNamesDoNotStallTheRest) {
  std::vector<std::future<Resolver::Result>> dead;
  dead.reserve(50);
  for (int i = 0; i < 50; ++i) dead.push_back(Resolve("dead" + std::to_string(i) + ".test"));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(Resolve("v4.test").get().ok());
  // One after the other they would take 100 s: c-ares tries again after 2 s.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
  OnLoop([this] { queries_.clear(); });
  for (std::future<Resolver::Result>& one : dead) {
    EXPECT_THROW(static_cast<void>(one.get()), std::future_error);  // cancelled: no answer ever comes
  }
}

TEST_F(ResolverTest, AQueryMayOutliveItsResolver) {
  std::future<Resolver::Result> dead = Resolve("dead.test", milliseconds(100));
  OnLoop([this] { resolver_.reset(); });
  EXPECT_EQ(dead.get().status().code(), absl::StatusCode::kDeadlineExceeded);
}

}  // namespace
}  // namespace inlet::ws
