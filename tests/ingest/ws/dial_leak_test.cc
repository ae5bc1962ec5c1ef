// Very many dials: nothing of them stays, whatever became of them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <future>
#include <string>
#include <vector>

#include "tests/ingest/ws/tls_fixture.h"

namespace inlet::ws {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// A dial takes very long there, and a single leak is found at the end.
constexpr int kDivisor = 20;
#else
constexpr int kDivisor = 1;
#endif

size_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  size_t pages = 0, resident = 0;
  file >> pages >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

class DialLeaks : public DialTest {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    DialTest::SetUp();
  }

  // Dials, and drops the connection in the first event whose line begins so; at once if it is empty.
  void DialAndDrop(const DialRequest& request, std::string_view event) {
    RecordingEvents events;
    events.react = [&](std::string_view line) {
      if (line.starts_with(event)) connection_.reset();
    };
    Dial(request, events);
    EXPECT_TRUE(event.empty() || events.WaitFor(event)) << events.failure().text;
  }

  // Descriptors are back, a moment after the last connection.
  static void ExpectNoMoreFiles(size_t before) {
    EXPECT_TRUE(Eventually([&] { return OpenFiles() <= before; })) << OpenFiles() << " files, before: " << before;
  }
};

class DropAt : public DialLeaks, public testing::WithParamInterface<const char*> {};

TEST_P(DropAt, AThousandDialsLeakNoDescriptor) {
  const ScriptedServer server([](int socket) {
    WriteAll(socket, SwitchingAnswer(ReadRequest(socket)));
    ReadToEnd(socket);
  });
  DialAndDrop(RequestTo(server.port()), "open");  // what is made once
  const size_t before = OpenFiles();
  for (int i = 0; i < 1000 / kDivisor; ++i) DialAndDrop(RequestTo(server.port()), GetParam());
  ExpectNoMoreFiles(before);
  EXPECT_EQ(dialer_->counters().open_connections.value(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Stages, DropAt,
                         testing::Values("", "stage resolve", "stage connect", "stage upgrade", "open"));

class DropTlsAt : public DialLeaks, public testing::WithParamInterface<const char*> {};

TEST_P(DropTlsAt, ManyDialsLeakNoDescriptor) {
  const ScriptedServer server(TlsScript({MakeCertificate({}), 0, ""}, ""));
  DialRequest request = RequestTo(server.port());
  request.role.tls = true;
  request.role.tls_settings.insecure_skip_verify = true;
  DialAndDrop(request, "open");
  const size_t before = OpenFiles();
  for (int i = 0; i < 300 / kDivisor; ++i) DialAndDrop(request, GetParam());
  ExpectNoMoreFiles(before);
}

INSTANTIATE_TEST_SUITE_P(Stages, DropTlsAt, testing::Values("stage connect", "stage tls", "open"));

// Each dial has other certificates than the one before; one in ten goes to the end.
TEST_F(DialLeaks, TenThousandRotationsOfCertificatesLeakNothing) {
  constexpr int kSets = 20;
  std::vector<Identity> authorities, clients;
  for (int i = 0; i < kSets; ++i) {
    authorities.push_back(MakeCertificate({"Authority " + std::to_string(i), "", -1, 30, true}));
    clients.push_back(MakeCertificate({"client", "", -1, 30, false}, authorities.back()));
  }
  const ScriptedServer server(TlsScript({MakeCertificate({}, authorities[0]), 0, ""}, ""));
  DialRequest request = RequestTo(server.port());
  request.role.tls = true;
  const auto rotate = [&](int count) {
    for (int i = 0; i < count; ++i) {
      const auto set = static_cast<size_t>(i / 10 % kSets);
      request.role.tls_settings.root_ca.text = authorities[set].certificate;
      request.role.tls_settings.certificate.text = clients[set].certificate;
      request.role.tls_settings.private_key.text = clients[set].key;
      const char* const last = set == 0 ? "open" : "failed";
      DialAndDrop(request, i % 10 == 0 ? last : "");
    }
  };
  rotate(1000 / kDivisor);
  const size_t files = OpenFiles();
  const size_t bytes = ResidentBytes();
  rotate(10'000 / kDivisor);
  ExpectNoMoreFiles(files);
  // Sanitizers keep freed memory.
  if (kDivisor == 1) {
    EXPECT_LT(ResidentBytes(), bytes + (4U << 20));
  }
  RecordProperty("grown_bytes", std::to_string(static_cast<long>(ResidentBytes()) - static_cast<long>(bytes)));
}

}  // namespace
}  // namespace inlet::ws
