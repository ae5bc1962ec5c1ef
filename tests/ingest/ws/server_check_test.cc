// A check of the server role: whether the address can be bound, and whether the path is free.
#include "ingest/ws/server_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "tests/ingest/ws/server_fixture.h"

namespace inlet::ws {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class ServerCheckTest : public ServerTest {
 protected:
  ingest::CheckReport Check(const std::string& path, uint32_t max_message_bytes = 1U << 20) {
    ingest::StreamSpec spec;
    spec.name = "new";
    spec.role = ingest::ServerRole{.path = path};
    spec.max_message_bytes = max_message_bytes;
    ingest::CheckReport report;
    OnLoop([&] { report = server_->Check(spec); });
    return report;
  }
};

// A socket of somebody else that listens.
class Occupied {
 public:
  Occupied() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket_, plain, size) == 0 && listen(socket_, 1) == 0 && getsockname(socket_, plain, &size) == 0) {
      port_ = ntohs(address.sin_port);
    }
  }
  ~Occupied() { close(socket_); }
  Occupied(const Occupied&) = delete;
  Occupied& operator=(const Occupied&) = delete;
  uint16_t port() const { return port_; }

 private:
  const int socket_;
  uint16_t port_ = 0;
};

TEST_F(ServerCheckTest, AFreeAddressAndPathAreFreeAndStaySo) {
  StartServer();
  const ingest::CheckReport report = Check("/api/data");
  EXPECT_TRUE(report.reachable);
  EXPECT_THAT(report.hint, IsEmpty());
  ASSERT_EQ(report.stages.size(), 2U);
  EXPECT_EQ(report.stages[0].name, "bind");
  EXPECT_EQ(report.stages[1].name, "path");
  EXPECT_THAT(report.stages[1].detail, HasSubstr("/api/data is free"));
  EXPECT_THAT(report.endpoint, testing::EndsWith("/api/data"));
  EXPECT_EQ(Port(), 0) << "a check listens";
}

TEST_F(ServerCheckTest, OurOwnListenerIsNoObstacle) {
  StartServer();
  Listen("/a");
  const ingest::CheckReport report = Check("/b");
  EXPECT_TRUE(report.reachable);
  EXPECT_THAT(report.stages[0].detail, HasSubstr("open already"));
}

TEST_F(ServerCheckTest, AnotherProgramsPortFailsAtBind) {
  const Occupied occupied;
  ServerOptions options = LoopbackOptions();
  options.port = occupied.port();
  StartServer(options);
  const ingest::CheckReport report = Check("/a");
  EXPECT_FALSE(report.reachable);
  ASSERT_EQ(report.stages.size(), 1U);
  EXPECT_FALSE(report.stages[0].ok);
  EXPECT_THAT(report.hint, HasSubstr("source.httpServerPort"));
}

TEST_F(ServerCheckTest, AnAddressOfAnotherMachineFailsAtBind) {
  ServerOptions options = LoopbackOptions();
  options.ip = "192.0.2.1";
  StartServer(options);
  const ingest::CheckReport report = Check("/a");
  EXPECT_FALSE(report.reachable);
  EXPECT_THAT(report.hint, HasSubstr("source.httpServerIp"));
}

TEST_F(ServerCheckTest, APathWhoseSettingsAgreeIsShared) {
  StartServer();
  Listen("/a", 1000, "first");
  const ingest::CheckReport report = Check("/a", 1000);
  EXPECT_TRUE(report.reachable);
  EXPECT_THAT(report.stages[1].detail, HasSubstr("shared with first"));
  StopListening(0);
  EXPECT_EQ(Port(), 0) << "the check still has a place on the path";
}

TEST_F(ServerCheckTest, APathWithOtherSettingsFails) {
  StartServer();
  Listen("/a", 1000, "first");
  const ingest::CheckReport report = Check("/a", 2000);
  EXPECT_FALSE(report.reachable);
  EXPECT_FALSE(report.stages[1].ok);
  EXPECT_THAT(report.hint, HasSubstr("maxMessageBytes"));
}

}  // namespace
}  // namespace inlet::ws
