// Streams of the client role, whole from their source to their log, behind proxies that spoil their connections.
#include "tests/ingest/ws/fault_fixture.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace inlet::ws {
namespace {

std::string LineOf(const v1::Record& record) { return record.has_gap() ? "gap" : record.json(); }

}  // namespace

FaultTest::FaultTest()
    : egress_(*EgressRules::Parse({})), loop_(*EventLoop::Create({.publish = [this] { publisher_.Publish(); }})) {
  loop_->Start();
  OnLoop([this] {
    dialer_ = std::make_unique<LwsDialer>(*loop_, credentials_, egress_, Resolver::Options());
    client_ = std::make_unique<Client>(*dialer_, *loop_, credentials_);
  });
}

FaultTest::~FaultTest() {
  OnLoop([this] {
    for (const auto& stream : streams_) stream->Stop(ingest::CloseReason::kDraining);
    streams_.clear();
    client_->Free();
  });
  loop_->Stop();
}

void FaultTest::OnLoop(const std::function<void()>& task) {
  const absl::Status ran = loop_->Call([&] {
    task();
    return absl::OkStatus();
  });
  EXPECT_TRUE(ran.ok()) << ran;
}

ingest::ClientRole FaultTest::RoleTo(uint16_t port) {
  ingest::ClientRole role = ClientDialer::RequestTo(port).role;
  role.backoff.initial = std::chrono::milliseconds(1);
  role.backoff.max = std::chrono::milliseconds(2);
  return role;
}

ingest::Stream& FaultTest::Start(const ingest::ClientRole& role) {
  ingest::StreamSpec spec;
  spec.role = role;
  return Start(spec);
}

ingest::Stream& FaultTest::Start(const ingest::StreamSpec& spec) {
  ingest::StreamSpec named = spec;
  named.name = "demo" + std::to_string(streams_.size());
  ingest::Stream::Options options;
  options.spec = std::make_shared<const ingest::StreamSpec>(std::move(named));
  options.loop = loop_.get();
  options.publisher = &publisher_;
  ingest::RecordLog::Options log;
  log.epoch = ingest::NewEpoch();
  log.retention.max_bytes = 1U << 30;
  options.log = std::make_shared<ingest::RecordLog>(std::move(log));
  OnLoop([&] {
    streams_.push_back(std::make_unique<ingest::Stream>(std::move(options), *client_));
    EXPECT_TRUE(streams_.back()->Start().ok());
  });
  return *streams_.back();
}

std::vector<v1::Record> FaultTest::Records(const ingest::Stream& stream, uint64_t from) {
  std::vector<v1::Record> records;
  ingest::RecordLog& log = *stream.log();
  ingest::Cursor cursor{from, 0, 0};
  while (true) {
    const ingest::ReadResult result = log.ReadOrArm(cursor, {1U << 20, 0, log.state().version}, nullptr);
    EXPECT_NE(result.outcome, ingest::ReadResult::Outcome::kEvicted);
    if (result.outcome == ingest::ReadResult::Outcome::kState) continue;
    if (result.outcome != ingest::ReadResult::Outcome::kRecords) return records;
    v1::SubscribeResponse response;
    const std::string_view entries = result.batch.entries();
    EXPECT_TRUE(response.ParseFromArray(entries.data(), static_cast<int>(entries.size())));
    records.insert(records.end(), response.records().begin(), response.records().end());
    cursor = result.batch.Next();
  }
}

std::vector<std::string> FaultTest::Lines(const ingest::Stream& stream) {
  std::vector<std::string> lines;
  for (const v1::Record& record : Records(stream)) lines.push_back(LineOf(record));
  return lines;
}

std::string FaultTest::LastLine(const ingest::Stream& stream) {
  const uint64_t next = stream.log()->bounds().next_offset;
  return next == 1 ? "" : LineOf(Records(stream, next - 1).front());
}

size_t FaultTest::CountGaps(const ingest::Stream& stream) {
  return static_cast<size_t>(std::ranges::count(Lines(stream), "gap"));
}

bool FaultTest::WaitForRecords(const ingest::Stream& stream, uint64_t count) {
  return Eventually([&] { return stream.log()->bounds().next_offset > count; });
}

}  // namespace inlet::ws
