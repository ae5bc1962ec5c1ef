// Dials on a loop of its own, events that remember, and a server that sends exactly what a test says.
#include "tests/ingest/ws/dial_fixture.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "ingest/text.h"

namespace inlet::ws {
namespace {

constexpr std::chrono::seconds kPatience{90};

}  // namespace

void RecordingEvents::Note(const std::string& line) {
  {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
    changed_.notify_all();
  }
  if (react) react(line);  // which may destroy the connection
}

void RecordingEvents::OnStage(const StageReport& report) {
  {
    const std::lock_guard lock(mutex_);
    stages_.push_back(report);
  }
  Note(Concat({"stage ", StageName(report.stage), report.ok ? " ok" : " failed"}));
}

void RecordingEvents::OnOpen(const DialFacts& facts) {
  {
    const std::lock_guard lock(mutex_);
    facts_ = facts;
  }
  Note("open");
}

void RecordingEvents::OnFailed(const DialFailure& failure, const DialFacts& facts) {
  {
    const std::lock_guard lock(mutex_);
    failure_ = failure;
    facts_ = facts;
  }
  Note("failed " + std::to_string(static_cast<int>(failure.problem)));
}

ingest::Verdict RecordingEvents::OnText(std::string_view text, ingest::WallTime /*receive_time*/) {
  const ingest::Verdict verdict = judge ? judge(text) : ingest::Verdict::kTaken;
  Note(Concat({"text ", text}));
  return verdict;
}

void RecordingEvents::OnFault(const ingest::MessageFaultReport& report) {
  Note(Concat({report.fault == ingest::MessageFault::kBinary ? "binary " : "too large ", std::to_string(report.size)}));
}

void RecordingEvents::OnClosed(uint16_t code, std::string_view reason) {
  Note(Concat({"closed ", std::to_string(code), " ", reason}));
}

bool RecordingEvents::WaitFor(std::string_view beginning) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] {
    return std::ranges::any_of(lines_, [&](const std::string& line) { return line.starts_with(beginning); });
  });
}

size_t RecordingEvents::CountLines(std::string_view beginning) const {
  const std::lock_guard lock(mutex_);
  return static_cast<size_t>(
      std::ranges::count_if(lines_, [&](const std::string& line) { return line.starts_with(beginning); }));
}

std::vector<std::string> RecordingEvents::Lines() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

DialFailure RecordingEvents::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

DialFacts RecordingEvents::facts() const {
  const std::lock_guard lock(mutex_);
  return facts_;
}

std::vector<StageReport> RecordingEvents::stages() const {
  const std::lock_guard lock(mutex_);
  return stages_;
}

absl::StatusOr<std::string> TableCredentials::Expand(std::string_view text) const {
  if (text.find("${") == std::string_view::npos) return std::string(text);
  const auto found = references.find(text);
  if (found == references.end()) return absl::FailedPreconditionError(Concat({text, " yields nothing"}));
  return found->second;
}

absl::StatusOr<std::string> TableCredentials::ReadFile(std::string_view path) const {
  const auto found = files.find(path);
  if (found == files.end()) return absl::FailedPreconditionError(Concat({path, " cannot be read"}));
  return found->second;
}

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(listen(listener_, 64), 0);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

ScriptedServer::~ScriptedServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  std::unique_lock lock(mutex_);
  for (const auto& [socket, thread] : connections_) shutdown(socket, SHUT_RDWR);
  while (!connections_.empty()) {
    std::thread one = std::move(connections_.begin()->second);
    connections_.begin()->second = std::thread();
    const int socket = connections_.begin()->first;
    lock.unlock();
    one.join();
    lock.lock();
    connections_.erase(socket);
  }
  for (std::thread& one : ended_) one.join();
  close(listener_);
}

void ScriptedServer::Serve() {
  while (true) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    std::vector<std::thread> ended;
    {
      const std::lock_guard lock(mutex_);
      ended.swap(ended_);
      connections_[socket] = std::thread([this, socket] { Run(socket); });
    }
    for (std::thread& one : ended) one.join();
  }
}

void ScriptedServer::Run(int socket) {
  script_(socket);
  const std::lock_guard lock(mutex_);
  if (const auto found = connections_.find(socket); found->second.joinable()) {
    ended_.push_back(std::move(found->second));
    connections_.erase(found);
  }
  close(socket);
}

std::string ReadRequest(int socket) {
  std::string request;
  char byte = 0;
  while (!request.ends_with("\r\n\r\n") && recv(socket, &byte, 1, 0) == 1) request += byte;
  return request;
}

void WriteAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(size));
  }
}

std::string ReadToEnd(int socket) {
  std::string all;
  std::array<char, 4096> bytes{};
  while (true) {
    const ssize_t size = recv(socket, bytes.data(), bytes.size(), 0);
    if (size <= 0) return all;
    all.append(bytes.data(), static_cast<size_t>(size));
  }
}

std::string SwitchingAnswer(std::string_view request, std::string_view more) {
  constexpr std::string_view kName = "Sec-WebSocket-Key: ";
  if (request.find(kName) == std::string_view::npos) return "";  // the client has gone
  const size_t begin = request.find(kName) + kName.size();
  const std::string text =
      Concat({request.substr(begin, request.find("\r\n", begin) - begin), "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"});
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha1(), nullptr);
  std::array<unsigned char, 64> key{};
  EVP_EncodeBlock(key.data(), hash.data(), static_cast<int>(size));
  return Concat({"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
                 "Sec-WebSocket-Accept: ", reinterpret_cast<const char*>(key.data()), "\r\n", more, "\r\n"});
}

std::string Frame(int opcode, std::string_view payload, bool final, int reserved) {
  std::string frame;
  frame += static_cast<char>((final ? 0x80 : 0) | reserved << 4 | opcode);
  if (payload.size() < 126) {
    frame += static_cast<char>(payload.size());
  } else {
    const int bytes = payload.size() < 65536 ? 2 : 8;
    frame += static_cast<char>(bytes == 2 ? 126 : 127);
    for (int i = bytes - 1; i >= 0; --i) frame += static_cast<char>(payload.size() >> (8 * i));
  }
  return frame.append(payload);
}

std::vector<std::string> ParseClientFrames(std::string_view bytes) {
  std::vector<std::string> frames;
  while (bytes.size() >= 6) {
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(bytes[i]); };
    size_t size = byte(1) & 0x7fU;
    size_t at = 2;
    const size_t wide = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (wide > 0) {
      size = 0;
      for (size_t i = 0; i < wide; ++i) size = size << 8U | byte(at++);
    }
    if (bytes.size() < at + 4 + size) break;
    std::string payload(bytes.substr(at + 4, size));
    for (size_t i = 0; i < size; ++i) payload[i] = static_cast<char>(payload[i] ^ bytes[at + i % 4]);
    frames.push_back(Concat({std::to_string(byte(0) & 0xfU), ":", payload}));
    bytes.remove_prefix(at + 4 + size);
  }
  return frames;
}

void ResetAtClose(int socket) {
  const linger now{1, 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void DialTest::SetUp() {
  loop_ = *EventLoop::Create({});
  loop_->Start();
}

void DialTest::TearDown() {
  Drop();
  loop_->Stop();
  dialer_.reset();
}

DialRequest DialTest::RequestTo(uint16_t port, const std::string& target) {
  DialRequest request;
  request.role.host = "127.0.0.1";
  request.role.port = port;
  request.role.target = target;
  // Reading the system's authorities takes seconds under a sanitizer.
  request.role.handshake_timeout = std::chrono::seconds(60);
  return request;
}

void DialTest::Dial(const DialRequest& request, RecordingEvents& events) {
  events.at_end = [this] { Drop(); };
  OnLoop([&] {
    if (!dialer_) {
      egress_ = std::make_unique<EgressRules>(*EgressRules::Parse(egress_options_));
      dialer_ = std::make_unique<LwsDialer>(*loop_, credentials_, *egress_, resolver_options_);
    }
    connection_ = dialer_->Dial(request, events);
  });
}

void DialTest::Drop() {
  OnLoop([&] { connection_.reset(); });
}

void DialTest::OnLoop(const std::function<void()>& task) {
  EXPECT_TRUE(loop_
                  ->Call([&] {
                    task();
                    return absl::OkStatus();
                  })
                  .ok());
}

DialFailure DialTest::FailureOf(const DialRequest& request) {
  RecordingEvents events;
  Dial(request, events);
  EXPECT_TRUE(events.WaitFor("failed"));
  Drop();
  EXPECT_EQ(events.Lines().back().substr(0, 6), "failed");
  EXPECT_EQ(events.CountLines("failed"), 1U);
  EXPECT_FALSE(events.failure().text.empty());
  return events.failure();
}

DialFailure DialTest::FailureOf(ScriptedServer::Script script) {
  const ScriptedServer server(std::move(script));
  return FailureOf(RequestTo(server.port()));
}

size_t DialTest::OpenFiles() {
  size_t count = 0;
  DIR* const folder = opendir("/proc/self/fd");
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count;
}

}  // namespace inlet::ws
