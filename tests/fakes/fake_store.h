// A store in memory: what a test reads back, and failures when it wants them.
#ifndef INLET_TESTS_FAKES_FAKE_STORE_H_
#define INLET_TESTS_FAKES_FAKE_STORE_H_

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/error.h"
#include "service/definition_store.h"

namespace inlet::service {

// Thread-safe, so that a test can look.
class FakeStore final : public DefinitionStore {
 public:
  // Every change fails from now on, or succeeds again.
  void Break(bool broken = true) {
    const std::lock_guard lock(mutex_);
    broken_ = broken;
  }
  // What is kept, by name.
  std::map<std::string, StoredStream> streams() const {
    const std::lock_guard lock(mutex_);
    return streams_;
  }
  std::map<std::string, StoredConfKey> conf_keys() const {
    const std::lock_guard lock(mutex_);
    return conf_keys_;
  }
  // Changes that succeeded.
  int writes() const {
    const std::lock_guard lock(mutex_);
    return writes_;
  }

  absl::StatusOr<StoredDefinitions> Load() override {
    const std::lock_guard lock(mutex_);
    StoredDefinitions all;
    for (const auto& [name, stream] : streams_) all.streams.push_back(stream);
    for (const auto& [name, conf_key] : conf_keys_) all.conf_keys.push_back(conf_key);
    return all;
  }
  absl::Status PutStream(const StoredStream& stream) override {
    return Write([&] { streams_[stream.definition.name()] = stream; });
  }
  absl::Status PutStreams(const std::vector<StoredStream>& streams) override {
    return Write([&] {
      for (const StoredStream& stream : streams) streams_[stream.definition.name()] = stream;
    });
  }
  absl::Status DeleteStream(std::string_view name) override {
    return Write([&] { streams_.erase(std::string(name)); });
  }
  absl::Status PutConfKey(const StoredConfKey& conf_key) override {
    return Write([&] { conf_keys_[conf_key.name] = conf_key; });
  }
  absl::Status DeleteConfKey(std::string_view name) override {
    return Write([&] { conf_keys_.erase(std::string(name)); });
  }

 private:
  template <typename Change>
  absl::Status Write(const Change& change) {
    const std::lock_guard lock(mutex_);
    if (broken_)
      return MakeError(absl::StatusCode::kUnavailable, "the disk is full", {"STORE_UNAVAILABLE", {}, "", {}});
    ++writes_;
    change();
    return absl::OkStatus();
  }

  mutable std::mutex mutex_;
  bool broken_ = false;
  int writes_ = 0;
  std::map<std::string, StoredStream> streams_;
  std::map<std::string, StoredConfKey> conf_keys_;
};

}  // namespace inlet::service

#endif  // INLET_TESTS_FAKES_FAKE_STORE_H_
