// The parts of the server that need no socket.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/error.h"
#include "ingest/ws/assembly.h"
#include "ingest/ws/close_frame.h"
#include "ingest/ws/deadline_wheel.h"
#include "ingest/ws/endpoint_table.h"
#include "ingest/ws/handshake.h"
#include "ingest/ws/log_limiter.h"
#include "ingest/ws/page_blocks.h"
#include "ingest/ws/peer_address.h"
#include "tests/ingest/ws/server_fixture.h"

namespace inlet::ws {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// --- endpoint table

ingest::StreamSpec Spec(const std::string& name, const std::string& path, uint32_t max_message_bytes = 100) {
  ingest::StreamSpec spec;
  spec.name = name;
  spec.role = ingest::ServerRole{path};
  spec.max_message_bytes = max_message_bytes;
  return spec;
}

std::string MatchedPath(const EndpointTable& table, std::string_view path) {
  const Endpoint* endpoint = table.Match(path);
  return endpoint == nullptr ? "" : endpoint->path;
}

TEST(EndpointTable, APathWithAPlusIsFoundAsTheLibraryShowsIt) {
  EndpointTable table;
  RecordingSink sink;
  ASSERT_TRUE(table.Join(Spec("s", "/a+b/+c"), sink).ok());
  EXPECT_EQ(MatchedPath(table, "/a b/+c"), "/a+b/+c");
  EXPECT_EQ(MatchedPath(table, "/a+b/+c"), "/a+b/+c");
  EXPECT_EQ(MatchedPath(table, "/ab/+c"), "");
}

TEST(EndpointTable, MatchesLiteralsBeforeVariablesInEachSegmentFromTheLeft) {
  EndpointTable table;
  RecordingSink sink;
  for (const char* path : {"/", "/devices/{id}", "/devices/main", "/{kind}/main/x", "/devices/{id}/y", "/a/{x}/"}) {
    ASSERT_TRUE(table.Join(Spec("s", path), sink).ok()) << path;
  }
  EXPECT_EQ(MatchedPath(table, "/"), "/");
  EXPECT_EQ(MatchedPath(table, "/devices/7"), "/devices/{id}");
  EXPECT_EQ(MatchedPath(table, "/devices/main"), "/devices/main");
  EXPECT_EQ(MatchedPath(table, "/devices/main/x"), "/{kind}/main/x");  // back from /devices/main
  EXPECT_EQ(MatchedPath(table, "/devices/main/y"), "/devices/{id}/y");
  EXPECT_EQ(MatchedPath(table, "/a/1/"), "/a/{x}/");
  for (const char* path : {"", "x", "/devices", "/devices/", "/devices/7/", "/devices/7/z", "/a//", "/a/1", "//"}) {
    EXPECT_EQ(MatchedPath(table, path), "") << path;
  }
}

TEST(EndpointTable, ForgetsAnEndpointWithItsLastSink) {
  EndpointTable table;
  RecordingSink one;
  RecordingSink two;
  Endpoint* endpoint = *table.Join(Spec("one", "/a/{x}/b"), one);
  EXPECT_EQ(*table.Join(Spec("two", "/a/{y}/b"), two), endpoint);  // the same path
  EXPECT_EQ(table.size(), 1U);
  table.Leave(*endpoint, one);
  EXPECT_EQ(table.Match("/a/1/b"), endpoint);
  table.Leave(*endpoint, two);
  EXPECT_EQ(table.Match("/a/1/b"), nullptr);
  EXPECT_EQ(table.size(), 0U);
}

TEST(EndpointTable, StreamsThatShareAPathMustAgree) {
  EndpointTable table;
  RecordingSink sink;
  ASSERT_TRUE(table.Join(Spec("one", "/a", 100), sink).ok());
  const absl::Status status = table.Join(Spec("two", "/a", 200), sink).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  const ErrorDetail detail = GetErrorDetail(status);
  EXPECT_EQ(detail.reason, "ENDPOINT_CONFLICT");
  const std::vector<std::pair<std::string, std::string>> metadata{
      {"path", "/a"}, {"stream", "one"}, {"setting", "maxMessageBytes"}};
  EXPECT_EQ(detail.metadata, metadata);
  EXPECT_EQ(std::string(status.message()),
            "stream 'one' listens on /a with maxMessageBytes 100, and stream 'two' has 200: streams that share a path "
            "must agree; take the same value (a conf key that both name changes it for both), or another path");
  EXPECT_EQ(table.Match("/a")->listening.size(), 1U);
}

std::shared_ptr<const ingest::StreamSpec> Changed(const std::string& name, const std::string& path,
                                                  uint32_t max_message_bytes) {
  return std::make_shared<const ingest::StreamSpec>(Spec(name, path, max_message_bytes));
}

TEST(EndpointTable, AChangeMustAgreeWithTheOthersOnThePath) {
  EndpointTable table;
  RecordingSink one;
  RecordingSink two;
  ASSERT_TRUE(table.Join(Spec("one", "/a/{x}", 100), one).ok());
  ASSERT_TRUE(table.Join(Spec("two", "/a/{y}", 100), two).ok());
  const absl::Status alone = table.CheckChanges({Changed("one", "/a/{x}", 200)});
  EXPECT_EQ(GetErrorDetail(alone).reason, "ENDPOINT_CONFLICT");
  EXPECT_TRUE(table.CheckChanges({Changed("one", "/b", 200)}).ok());
  EXPECT_TRUE(table.CheckChanges({Changed("one", "/a/{x}", 200), Changed("two", "/a/{y}", 200)}).ok());
  EXPECT_TRUE(table.CheckChanges({Changed("one", "/a/{x}", 200), Changed("two", "/b", 100)}).ok());
  const absl::Status among = table.CheckChanges({Changed("one", "/b/{x}", 200), Changed("two", "/b/{z}", 100)});
  EXPECT_EQ(GetErrorDetail(among).reason, "ENDPOINT_CONFLICT");
  EXPECT_EQ(std::string(alone.message())
                .find("stream 'two' listens on /a/{x} with maxMessageBytes 100, and stream "
                      "'one' has 200"),
            0U);
  EXPECT_EQ(std::string(among.message())
                .find("stream 'one' listens on /b/{z} with maxMessageBytes 200, and stream "
                      "'two' has 100"),
            0U);
  EXPECT_EQ(table.Match("/a/1")->settings->max_message_bytes, 100U);
}

TEST(EndpointTable, TakenSettingsAreThoseOfTheNextHandshake) {
  EndpointTable table;
  RecordingSink sink;
  Endpoint* const endpoint = *table.Join(Spec("one", "/a", 100), sink);
  const auto before = endpoint->settings;
  EXPECT_EQ(table.Take(Spec("one", "/a", 200), sink), endpoint);
  EXPECT_EQ(endpoint->listening.size(), 1U);
  EXPECT_EQ(endpoint->settings->max_message_bytes, 200U);
  EXPECT_EQ(before->max_message_bytes, 100U);
  EXPECT_NE(table.Take(Spec("one", "/b", 200), sink), endpoint);
  EXPECT_EQ(table.size(), 2U);
}

// --- handshake

HandshakeRequest GoodRequest() {
  return {"GET", "/in", "HTTP/1.1", "localhost", "websocket", "Upgrade", "dGhlIHNhbXBsZSBub25jZQ==", "13", ""};
}

TEST(Handshake, Rfc6455Section4_2_1) {
  struct Case {
    const char* name;
    std::function<void(HandshakeRequest&)> change;
    int status;  // 0: let in
  };
  const std::vector<Case> cases{
      {"complete", [](auto&) {}, 0},
      {"case of the values", [](auto& r) { r.upgrade = "WebSocket", r.connection = "keep-alive, UPGRADE"; }, 0},
      {"POST", [](auto& r) { r.method = "POST"; }, 405},
      {"HEAD", [](auto& r) { r.method = "HEAD"; }, 405},
      {"HTTP/1.0", [](auto& r) { r.http_version = "HTTP/1.0"; }, 505},
      {"no version of HTTP", [](auto& r) { r.http_version = ""; }, 505},
      {"no Upgrade", [](auto& r) { r.upgrade = ""; }, 426},
      {"h2c", [](auto& r) { r.upgrade = "h2c"; }, 426},
      {"two Upgrades", [](auto& r) { r.upgrade = "websocket, h2c"; }, 426},
      {"no Connection", [](auto& r) { r.connection = ""; }, 400},
      {"Connection without upgrade", [](auto& r) { r.connection = "keep-alive, upgrades"; }, 400},
      {"no Host", [](auto& r) { r.host = ""; }, 400},
      {"no key", [](auto& r) { r.key = ""; }, 400},
      {"a short key", [](auto& r) { r.key = "dGhlIHNhbXBsZSBub25j"; }, 400},
      {"a key that is no base64", [](auto& r) { r.key = "dGhlIHNhbXBsZSBub25j*Q=="; }, 400},
      {"version 8", [](auto& r) { r.version = "8"; }, 426},
      {"no version", [](auto& r) { r.version = ""; }, 426},
      {"the longest path", [](auto& r) { r.path = std::string(2048, '/'); }, 0},
      {"a longer path", [](auto& r) { r.path = std::string(2049, '/'); }, 414},
  };
  for (const Case& one : cases) {
    HandshakeRequest request = GoodRequest();
    one.change(request);
    const std::optional<Refusal> refusal = CheckHandshake(request);
    EXPECT_EQ(refusal ? refusal->status : 0, one.status) << one.name;
  }
}

TEST(Handshake, AnAnswerIsCompleteHttp11) {
  EXPECT_EQ(HttpAnswer(RefuseUnknownPath("/x")),
            "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "X-Content-Type-Options: nosniff\r\nContent-Length: 25\r\n\r\nNo stream listens on /x.\n");
  EXPECT_TRUE(HttpAnswer(RefuseUnknownPath("/x"), false).ends_with("Content-Length: 25\r\n\r\n"));
}

TEST(Handshake, AnAnswer426NamesTheProtocol) {
  HandshakeRequest request = GoodRequest();
  request.upgrade.clear();
  const std::string answer = HttpAnswer(*CheckHandshake(request));
  EXPECT_TRUE(
      answer.starts_with("HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                         "Connection: close, Upgrade\r\n"))
      << answer;
}

TEST(Handshake, AnAnswerRepeatsNothingThatATerminalWouldObey) {
  const std::string text = RefuseUnknownPath("/\x1b[2J\r\nX: y" + std::string(1000, 'a')).text;
  EXPECT_TRUE(text.starts_with("No stream listens on /?[2J??X:?yaaa"));
  EXPECT_LT(text.size(), 250U);
}

// --- close frames

TEST(CloseFrame, Rfc6455Section7_4) {
  struct Case {
    std::string payload;
    uint16_t code;
    uint16_t answer;
  };
  const std::vector<Case> cases{
      {"", 1005, 0},
      {"\x03", 1005, 1002},
      {ClosePayload(1000), 1000, 0},
      {ClosePayload(1001, "bye"), 1001, 0},
      {ClosePayload(1007), 1007, 0},
      {ClosePayload(1014), 1014, 0},
      {ClosePayload(3000), 3000, 0},
      {ClosePayload(4999), 4999, 0},
      {ClosePayload(0), 0, 1002},
      {ClosePayload(999), 999, 1002},
      {ClosePayload(1004), 1004, 1002},
      {ClosePayload(1005), 1005, 1002},
      {ClosePayload(1006), 1006, 1002},
      {ClosePayload(1015), 1015, 1002},
      {ClosePayload(2999), 2999, 1002},
      {ClosePayload(5000), 5000, 1002},
      {ClosePayload(65535), 65535, 1002},
      {ClosePayload(1000, "\xff"), 1000, 1007},
  };
  for (const Case& one : cases) {
    const CloseFrame frame = ParseCloseFrame(one.payload);
    EXPECT_EQ(frame.code, one.code);
    EXPECT_EQ(frame.answer, one.answer) << one.code;
  }
  EXPECT_EQ(ParseCloseFrame(ClosePayload(1000, "gr\xc3\xbc\xc3\x9f")).reason, "gr\xc3\xbc\xc3\x9f");
}

TEST(CloseFrame, KnowsUtf8) {
  for (const char* good :
       {"", "a", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf", "\xee\x80\x80"}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
  for (const char* bad : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80", "\xf0\x80\x80\x80", "\xe2\x82", "\xe2\x28\xa1", "a\xff"}) {
    EXPECT_FALSE(IsUtf8(bad)) << bad;
  }
}

// --- the rest

TEST(Assembly, GrowsWithTheDataWithinItsBoundAndCountsItself) {
  Counter bytes;
  {
    Assembly assembly(1000, bytes);
    EXPECT_TRUE(assembly.Append("abc", 10'000));
    EXPECT_EQ(assembly.capacity(), 512U);
    EXPECT_TRUE(assembly.Append(std::string(510, 'x'), 10'000));
    EXPECT_EQ(assembly.capacity(), 1000U);  // not 1,024
    EXPECT_EQ(bytes.value(), 1000U);
    EXPECT_EQ(assembly.view(), "abc" + std::string(510, 'x'));
  }
  EXPECT_EQ(bytes.value(), 0U);
}

TEST(Assembly, RefusesWhatTheBudgetOfAllDoesNotHold) {
  Counter bytes;
  bytes.Add(600);  // of others
  Assembly assembly(1U << 20, bytes);
  EXPECT_FALSE(assembly.Append("abc", 602));
  EXPECT_TRUE(assembly.Append("abc", 1112));
  EXPECT_FALSE(assembly.Append(std::string(600, 'x'), 1112));
  EXPECT_EQ(assembly.view(), "abc");
}

TEST(Assembly, TakesNoMoreThanItNeedsWhereTheBudgetIsShort) {
  Counter bytes;
  bytes.Add(600);
  Assembly assembly(1U << 20, bytes);
  EXPECT_TRUE(assembly.Append("abc", 1000));
  EXPECT_EQ(bytes.value(), 603U);
}

bool IsResident(void* page) {
  unsigned char resident = 0;
  return mincore(page, 1, &resident) == 0 && (resident & 1U) != 0;
}

TEST(PageBlocks, CostNothingUntilTheyAreUsedAndGoBack) {
  constexpr size_t kSize = 64U << 10;
  PageBlocks blocks;
  auto* const block = static_cast<char*>(blocks.Allocate(kSize));
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(blocks.SizeOf(block), kSize);
  EXPECT_EQ(blocks.SizeOf(block + 1), 0U);
  EXPECT_FALSE(IsResident(block));
  block[0] = 'x';
  EXPECT_TRUE(IsResident(block));
  EXPECT_FALSE(IsResident(block + kSize / 2));
  EXPECT_EQ(blocks.count(), 1U);
  int other = 0;
  EXPECT_FALSE(blocks.Free(&other));
  EXPECT_TRUE(blocks.Free(block));
  EXPECT_FALSE(blocks.Free(block));
  EXPECT_EQ(blocks.count(), 0U);
}

TEST(PeerAddress, ReadsAndWritesBothFamilies) {
  EXPECT_EQ(PeerAddress::Parse("127.0.0.1", 80)->ToString(), "127.0.0.1:80");
  EXPECT_EQ(PeerAddress::Parse("::1", 80)->ToString(), "[::1]:80");
  EXPECT_FALSE(PeerAddress::Parse("localhost", 80));
  EXPECT_FALSE(PeerAddress::Parse("", 80));
  EXPECT_EQ(PeerAddress().ToString(), "unknown");
  for (const char* ip : {"10.1.2.3", "fe80::1"}) {
    sockaddr_storage storage{};
    PeerAddress::Parse(ip, 9)->Store(storage);
    EXPECT_EQ(PeerAddress(storage).ToString(), PeerAddress::Parse(ip, 9)->ToString());
  }
}

TEST(PeerAddress, ShowsAMappedAddressAsIpv4) {
  sockaddr_storage storage{};
  PeerAddress::Parse("::ffff:10.1.2.3", 9)->Store(storage);
  EXPECT_EQ(PeerAddress(storage).ToString(), "10.1.2.3:9");
}

TEST(LogLimiter, SaysSoManyInAnIntervalAndCountsTheRest) {
  LogLimiter limiter(2, seconds(10));
  LogLimiter::Time now{seconds(100)};
  EXPECT_EQ(limiter.Admit(now), 0U);
  EXPECT_EQ(limiter.Admit(now), 0U);
  EXPECT_FALSE(limiter.Admit(now));
  EXPECT_FALSE(limiter.Admit(now + seconds(9)));
  EXPECT_EQ(limiter.Admit(now + seconds(10)), 2U);
}

}  // namespace
}  // namespace inlet::ws
