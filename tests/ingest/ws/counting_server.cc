// A WebSocket server that sends numbered messages as fast as it can.
#include "tests/ingest/ws/counting_server.h"

#include <charconv>
#include <utility>

#include "ingest/text.h"
#include "tests/ingest/ws/dial_fixture.h"

namespace inlet::ws {
namespace {

constexpr std::string_view kBegin = R"({"n":)";
constexpr uint64_t kBatch = 16;

std::string FrameOf(uint64_t number) {
  return Frame(kText, CountingServer::TextOf(number), FrameOptions{.masked = false});
}

}  // namespace

// Of all lengths, one in some hundred of them with a long header.
std::string CountingServer::TextOf(uint64_t number) {
  const uint64_t filling = number % 211 == 0 ? 70'000 : number * 7919 % 131;
  return Concat({kBegin, std::to_string(number), R"(,"filling":")", std::string(filling, 'x'), R"("})"});
}

uint64_t CountingServer::NumberOf(const std::string& text) {
  uint64_t number = 0;
  if (!text.starts_with(kBegin)) return 0;
  std::from_chars(text.data() + kBegin.size(), text.data() + text.size(), number);
  return text == TextOf(number) ? number : 0;
}

CountingServer::CountingServer() : thread_([this] { Run(); }) {}

CountingServer::~CountingServer() {
  stopping_ = true;
  server_.Stop();
  thread_.join();
}

uint64_t CountingServer::Pause() {
  const std::lock_guard lock(mutex_);
  paused_ = true;
  return next_ - 1;
}

uint64_t CountingServer::First(size_t connection) const {
  const std::lock_guard lock(mutex_);
  return firsts_.at(connection);
}

uint64_t CountingServer::WholeIn(size_t connection, uint64_t bytes) const {
  // The key in the answer does not change its length.
  uint64_t used = SwitchingAnswer("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n").size();
  uint64_t whole = 0;
  for (uint64_t number = First(connection); used + FrameOf(number).size() <= bytes; ++number, ++whole) {
    used += FrameOf(number).size();
  }
  return whole;
}

void CountingServer::Run() {
  while (true) {
    RawPeer peer = server_.Accept();
    if (stopping_) return;
    if (peer.connected()) Serve(std::move(peer));
  }
}

void CountingServer::Serve(RawPeer peer) {
  {
    const std::lock_guard lock(mutex_);
    firsts_.push_back(next_);
  }
  const std::string answer = SwitchingAnswer(peer.ReadHttp());
  if (answer.empty() || !peer.Send(answer)) return;
  while (true) {
    const std::string batch = Batch();
    if (batch.empty()) break;
    if (!peer.Send(batch)) return;
  }
  while (peer.ReadFrame()) continue;
}

std::string CountingServer::Batch() {
  const std::lock_guard lock(mutex_);
  std::string batch;
  for (uint64_t i = 0; i < kBatch && !paused_; ++i) batch += FrameOf(next_++);
  return batch;
}

}  // namespace inlet::ws
