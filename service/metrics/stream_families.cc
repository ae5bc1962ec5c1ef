// What streams count, as metrics.
#include "service/metrics/stream_families.h"

#include <array>
#include <chrono>
#include <map>
#include <string>
#include <utility>

#include "inlet/v1/inlet.pb.h"

namespace inlet::metrics {
namespace {

using ingest::StreamSnapshot;
using State = v1::StreamStatus::State;

struct StreamRow {
  Kind kind;
  std::string_view name;
  std::string_view help;
  double (*value)(const StreamSnapshot& snapshot);
};

constexpr std::array kRows = {
    StreamRow{Kind::kGauge, "inlet_stream_connections", "Connections of the stream that are open.",
              [](const StreamSnapshot& stream) { return static_cast<double>(stream.connections); }},
    StreamRow{Kind::kGauge, "inlet_stream_subscriptions", "Subscriptions to the stream's records or rejects.",
              [](const StreamSnapshot& stream) { return static_cast<double>(stream.subscribers); }},
    StreamRow{Kind::kGauge, "inlet_stream_retained_bytes", "Bytes of the records that the stream's log keeps.",
              [](const StreamSnapshot& stream) { return static_cast<double>(stream.bounds.retained_bytes); }},
    StreamRow{Kind::kCounter, "inlet_stream_connects_total", "Connections that were opened.",
              [](const StreamSnapshot& stream) { return static_cast<double>(stream.connects); }},
    StreamRow{Kind::kCounter, "inlet_stream_refused_total", "Handshakes to the stream that were refused.",
              [](const StreamSnapshot& stream) { return static_cast<double>(stream.refused); }},
    StreamRow{Kind::kCounter, "inlet_stream_messages_total", "Text messages received.",
              [](const StreamSnapshot& stream) { return static_cast<double>(stream.messages); }},
    StreamRow{Kind::kCounter, "inlet_stream_message_bytes_total", "Bytes of the text messages received.",
              [](const StreamSnapshot& stream) { return static_cast<double>(stream.bytes); }},
    StreamRow{Kind::kCounter, "inlet_stream_records_total", "Records that the messages became.",
              [](const StreamSnapshot& stream) { return static_cast<double>(stream.records); }},
    StreamRow{Kind::kCounter, "inlet_stream_rejects_total", "Messages and elements that could not become records.",
              [](const StreamSnapshot& stream) { return static_cast<double>(stream.rejects); }},
    StreamRow{Kind::kCounter, "inlet_stream_ignored_total", "Messages that the stream's settings ignore.",
              [](const StreamSnapshot& stream) { return static_cast<double>(stream.ignored); }},
    StreamRow{Kind::kCounter, "inlet_stream_evicted_total", "Records that the retention has evicted.",
              [](const StreamSnapshot& stream) { return static_cast<double>(stream.bounds.evicted); }},
};

// The contract's states in the order of their numbers, without the one that stands for none.
std::map<State, double> NoStreams() {
  std::map<State, double> counts;
  for (int number = v1::StreamStatus::State_MIN; number <= v1::StreamStatus::State_MAX; ++number) {
    const bool is_state = v1::StreamStatus::State_IsValid(number) && number != v1::StreamStatus::STATE_UNSPECIFIED;
    if (is_state) counts.emplace(State(number), 0);
  }
  return counts;
}

double SecondsSince1970(ingest::WallTime time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

class Writer {
 public:
  explicit Writer(size_t max_streams) : max_streams_(max_streams) {
    for (const StreamRow& row : kRows) families_.push_back(MakeFamily(row.kind, row.name, row.help));
  }

  void Add(const service::StreamEntry& entry) {
    const StreamSnapshot snapshot = entry.stream->Snapshot();
    ++states_[State(snapshot.state.state)];
    if (written_ == max_streams_) {
      ++left_out_;
      return;
    }
    ++written_;
    AddFigures(entry.definition.name(), snapshot);
  }

  Families Take() {
    prometheus::MetricFamily streams = MakeFamily(Kind::kGauge, "inlet_streams", "Streams, by their state.");
    for (const auto& [state, count] : states_)
      AddSample(streams, count, {{"state", v1::StreamStatus::State_Name(state)}});
    prometheus::MetricFamily left_out =
        MakeFamily(Kind::kGauge, "inlet_streams_left_out", "Streams without samples of their own: metrics.maxStreams.");
    AddSample(left_out, left_out_);
    for (prometheus::MetricFamily& more :
         {std::ref(streams), std::ref(left_out), std::ref(state_), std::ref(rejects_), std::ref(last_record_)})
      families_.push_back(std::move(more));
    return std::move(families_);
  }

 private:
  void AddFigures(const std::string& name, const StreamSnapshot& snapshot) {
    const Label stream{"stream", name};
    for (size_t i = 0; i < kRows.size(); ++i) AddSample(families_[i], kRows[i].value(snapshot), {stream});
    AddSample(state_, 1, {stream, {"state", v1::StreamStatus::State_Name(State(snapshot.state.state))}});
    AddRejects(stream, snapshot);
    const bool had_record = snapshot.last_record_time != ingest::WallTime();
    if (had_record) AddSample(last_record_, SecondsSince1970(snapshot.last_record_time), {stream});
  }

  // Samples for all reasons would double the answer.
  void AddRejects(const Label& stream, const StreamSnapshot& snapshot) {
    for (size_t reason = 1; reason < ingest::kRejectReasons; ++reason) {
      const uint64_t count = snapshot.rejects_by_reason[reason];
      if (count == 0) continue;
      AddSample(rejects_, static_cast<double>(count),
                {stream, {"reason", RejectReasonName(ingest::RejectReason(reason))}});
    }
  }

  const size_t max_streams_;
  size_t written_ = 0;
  double left_out_ = 0;
  std::map<State, double> states_ = NoStreams();
  Families families_;  // as kRows
  prometheus::MetricFamily state_ =
      MakeFamily(Kind::kGauge, "inlet_stream_state", "1, with the state that the stream is in.");
  prometheus::MetricFamily rejects_ =
      MakeFamily(Kind::kCounter, "inlet_stream_rejects_by_reason_total", "Rejects, by the reasons that have occurred.");
  prometheus::MetricFamily last_record_ =
      MakeFamily(Kind::kGauge, "inlet_stream_last_record_timestamp_seconds",
                 "When the last record was received, in seconds since 1970; absent if there was none.");
};

}  // namespace

Families StreamFamilies(const service::NextStreams& next, size_t max_streams) {
  Writer writer(max_streams);
  service::ForEachStream(next, [&](const service::StreamEntry& entry) {
    writer.Add(entry);
    return true;
  });
  return writer.Take();
}

}  // namespace inlet::metrics
