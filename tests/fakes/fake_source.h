// Sources without a network: a test brings the messages, and decides whether a start succeeds.
#ifndef INLET_TESTS_FAKES_FAKE_SOURCE_H_
#define INLET_TESTS_FAKES_FAKE_SOURCE_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "ingest/source.h"

namespace inlet::ingest {

// What happened to the sources of a FakeSourceFactory, in order: "start a", "stop a", "destroy a". Any thread.
class SourceJournal {
 public:
  void Add(std::string line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
  }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

class FakeSource : public Source {
 public:
  FakeSource(const StreamSpec& spec, SourceSink& sink, Loop* loop, absl::Status start_result,
             std::shared_ptr<SourceJournal> journal)
      : stream_(spec.name),
        is_client_(std::holds_alternative<ClientRole>(spec.role)),
        path_(PathOf(spec)),
        sink_(sink),
        loop_(loop),
        start_result_(std::move(start_result)),
        journal_(std::move(journal)) {}
  ~FakeSource() override { Note("destroy "); }
  FakeSource(const FakeSource&) = delete;
  FakeSource& operator=(const FakeSource&) = delete;

  absl::Status Start() override {
    Note("start ");
    if (!start_result_.ok()) return start_result_;
    running_ = true;
    if (is_client_) {
      sink_.OnState({.state = SourceState::kResolving, .reason = "looking up", .attempt = 1});
    } else {
      sink_.OnState({.state = SourceState::kListening, .reason = "waiting for peers"});
    }
    return absl::OkStatus();
  }
  void Stop() override {
    if (std::exchange(running_, false)) Note("stop ");
  }
  void Reconnect(std::string_view reason) override { Note("reconnect (" + std::string(reason) + ") "); }
  // A test says what is open by SourceSink::OnConnect; here every connection is known.
  bool CloseConnection(uint64_t connection, uint16_t code, std::string_view reason) override {
    Note("close " + std::to_string(connection) + " " + std::to_string(code) + " (" + std::string(reason) + ") ");
    return true;
  }
  SendVerdict Send(uint64_t connection, std::string_view text) override {
    Note("send " + std::to_string(connection) + " (" + std::string(text) + ") ");
    return text == kRefusedText ? SendVerdict::kRefused : SendVerdict::kHanded;
  }
  void Change(std::shared_ptr<const StreamSpec> spec, std::string_view reason) override {
    Note("change (" + std::string(reason) + ") ");
    path_ = PathOf(*spec);
  }
  std::string endpoint() const override { return "ws://fake" + path_; }

  // A text for which there is never room.
  static constexpr std::string_view kRefusedText = "too much";

 private:
  static std::string PathOf(const StreamSpec& spec) {
    const auto* const client = std::get_if<ClientRole>(&spec.role);
    return client != nullptr ? client->target : std::get<ServerRole>(spec.role).path;
  }
  // A call on a thread that is not the loop's shows in the journal.
  void Note(const std::string& what) {
    const bool right_thread = loop_ == nullptr || loop_->InLoopThread();
    journal_->Add((right_thread ? what : "WRONG THREAD " + what) + stream_);
  }

  const std::string stream_;
  const bool is_client_;
  std::string path_;
  SourceSink& sink_;
  Loop* const loop_;
  const absl::Status start_result_;
  const std::shared_ptr<SourceJournal> journal_;
  bool running_ = false;
};

class FakeSourceFactory : public SourceFactory {
 public:
  // With a loop, sources check that they are started, stopped and destroyed on its thread.
  explicit FakeSourceFactory(Loop* loop = nullptr) : loop_(loop) {}

  // Sources made from now on cannot start.
  void FailStarts(absl::Status status) {
    const std::lock_guard lock(mutex_);
    start_result_ = std::move(status);
  }
  // Those of one stream, whatever FailStarts says.
  void FailStartsOf(const std::string& stream, absl::Status status) {
    const std::lock_guard lock(mutex_);
    start_results_[stream] = std::move(status);
  }
  // The answer to CheckChanges from now on.
  void RefuseChanges(absl::Status status) {
    const std::lock_guard lock(mutex_);
    change_result_ = std::move(status);
  }
  // The same if that stream is among those that change.
  void RefuseChangesOf(const std::string& stream, absl::Status status) {
    const std::lock_guard lock(mutex_);
    change_results_[stream] = std::move(status);
  }
  std::vector<std::string> journal() const { return journal_->lines(); }

  std::unique_ptr<Source> CreateSource(std::shared_ptr<const StreamSpec> spec, SourceSink& sink) override {
    const std::lock_guard lock(mutex_);
    sinks_[spec->name] = &sink;
    const auto own = start_results_.find(spec->name);
    const absl::Status& result = own == start_results_.end() ? start_result_ : own->second;
    return std::make_unique<FakeSource>(*spec, sink, loop_, result, journal_);
  }

  absl::Status CheckChanges(const std::vector<std::shared_ptr<const StreamSpec>>& specs) const override {
    const std::lock_guard lock(mutex_);
    for (const auto& spec : specs) {
      if (const auto own = change_results_.find(spec->name); own != change_results_.end()) return own->second;
    }
    return change_result_;
  }

  // Where to bring messages of the stream that was made last under this name; on the loop's thread, while it runs.
  SourceSink& sink(const std::string& stream) const {
    const std::lock_guard lock(mutex_);
    return *sinks_.at(stream);
  }

 private:
  Loop* const loop_;
  const std::shared_ptr<SourceJournal> journal_ = std::make_shared<SourceJournal>();
  mutable std::mutex mutex_;
  absl::Status start_result_;
  absl::Status change_result_;
  std::map<std::string, absl::Status> start_results_;
  std::map<std::string, absl::Status> change_results_;
  std::map<std::string, SourceSink*> sinks_;
};

}  // namespace inlet::ingest

#endif  // INLET_TESTS_FAKES_FAKE_SOURCE_H_
