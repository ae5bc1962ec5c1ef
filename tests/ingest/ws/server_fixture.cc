// A WebSocket server on a free loopback port, and sinks that remember.
#include "tests/ingest/ws/server_fixture.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "ingest/text.h"

namespace inlet::ws {
namespace {

constexpr std::chrono::seconds kPatience{20};

std::string Describe(const ingest::ConnectionFacts& facts) {
  std::string text = Concat({"path ", facts.path});
  for (const ingest::PathVariable& one : facts.variables) text += Concat({" ", one.name, "=", one.value});
  if (!facts.certificate_subject.empty()) text += Concat({" subject ", facts.certificate_subject});
  if (!facts.tls_version.empty()) text += Concat({" tls ", facts.tls_version});
  if (!facts.subprotocol.empty()) text += Concat({" subprotocol ", facts.subprotocol});
  return text;
}

}  // namespace

ingest::Verdict RecordingSink::OnMessage(const ingest::Message& message) {
  const ingest::Verdict verdict = judge ? judge(message.text) : ingest::Verdict::kTaken;
  {
    const std::lock_guard lock(mutex_);
    messages_.emplace_back(message.text);
  }
  Note(Concat({"message ", message.text}));
  return verdict;
}

void RecordingSink::OnFault(const ingest::MessageFaultReport& report) {
  constexpr std::array<std::string_view, 3> kNames{"binary ", "too large ", "no room "};
  Note(Concat({kNames.at(static_cast<size_t>(report.fault)), std::to_string(report.size)}));
}

void RecordingSink::OnConnect(const ingest::ConnectionFacts& connection) {
  {
    const std::lock_guard lock(mutex_);
    connections_.push_back(connection.id);
    last_peer_ = connection.peer;
    last_facts_ = Describe(connection);
  }
  Note("connect");
}

void RecordingSink::OnDisconnect(uint64_t /*connection*/, uint16_t code, std::string_view reason) {
  Note(Concat({"disconnect ", std::to_string(code), " ", reason}));
}

void RecordingSink::OnRefuse(int http_status, std::string_view /*reason*/, std::string_view /*peer*/) {
  Note(Concat({"refuse ", std::to_string(http_status)}));
}

void RecordingSink::OnState(const ingest::SourceStatus& /*status*/) { Note("listening"); }

void RecordingSink::Note(std::string line) {
  const std::lock_guard lock(mutex_);
  lines_.push_back(std::move(line));
  changed_.notify_all();
}

bool RecordingSink::WaitFor(std::string_view line) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] {
    while (taken_ < lines_.size()) {
      if (lines_[taken_++].starts_with(line)) return true;
    }
    return false;
  });
}

bool RecordingSink::WaitForMessages(size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] { return messages_.size() >= count; });
}

std::vector<std::string> RecordingSink::Lines() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

size_t RecordingSink::CountLines(std::string_view beginning) const {
  return static_cast<size_t>(
      std::ranges::count_if(Lines(), [&](const std::string& line) { return line.starts_with(beginning); }));
}

std::vector<std::string> RecordingSink::Messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

std::vector<uint64_t> RecordingSink::Connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

std::string RecordingSink::LastPeer() const {
  const std::lock_guard lock(mutex_);
  return last_peer_;
}

std::string RecordingSink::LastFacts() const {
  const std::lock_guard lock(mutex_);
  return last_facts_;
}

ServerOptions ServerTest::LoopbackOptions() {
  ServerOptions options;
  options.ip = "127.0.0.1";
  options.port = 0;
  return options;
}

void ServerTest::StartServer(const ServerOptions& options, const ingest::Credentials* credentials) {
  loop_ = *EventLoop::Create({[this] {
    if (publish_) publish_();
  }});
  server_ = std::make_unique<Server>(*loop_, options, credentials);
  // Sources live on the loop's thread; the server's own exit task runs before this one.
  loop_->Post([this] {
    loop_->AtExit([this] {
      for (Listening& one : listening_) one.source.reset();
    });
  });
  loop_->Start();
  status_ = loop_->Call([this] { return server_->Open(); });
}

void ServerTest::TearDown() {
  if (!loop_) return;
  if (!stopped_) {
    OnLoop([this] { listening_.clear(); });
    StopLoop();
  }
  server_.reset();
  loop_.reset();
}

void ServerTest::StopLoop() {
  loop_->Stop();
  stopped_ = true;
}

RecordingSink& ServerTest::Listen(const std::string& path, uint32_t max_message_bytes, const std::string& stream) {
  ingest::StreamSpec spec = StreamOn(path, stream);
  spec.max_message_bytes = max_message_bytes;
  return Listen(spec);
}

ingest::StreamSpec ServerTest::StreamOn(const std::string& path, const std::string& stream) {
  ingest::StreamSpec spec;
  spec.name = stream;
  spec.role = ingest::ServerRole{path};
  return spec;
}

RecordingSink& ServerTest::Listen(const ingest::StreamSpec& spec) {
  auto sink = std::make_unique<RecordingSink>();
  auto source = server_->CreateSource(std::make_shared<const ingest::StreamSpec>(spec), *sink);
  listening_.push_back({std::move(sink), std::move(source)});
  status_ = loop_->Call([this] { return listening_.back().source->Start(); });
  return *listening_.back().sink;
}

void ServerTest::StopListening(size_t index) {
  OnLoop([&] { listening_[index].source->Stop(); });
}

void ServerTest::OnLoop(const std::function<void()>& task) {
  const absl::Status ran = loop_->Call([&] {
    task();
    return absl::OkStatus();
  });
  ASSERT_TRUE(ran.ok()) << ran;
}

uint16_t ServerTest::Port() {
  uint16_t port = 0;
  OnLoop([&] { port = server_->bound_port(); });
  return port;
}

bool ServerTest::Eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace inlet::ws
