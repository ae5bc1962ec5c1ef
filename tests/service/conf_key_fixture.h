// Conf keys of a file, a store, and streams that are only told what they would be.
#ifndef INLET_TESTS_SERVICE_CONF_KEY_FIXTURE_H_
#define INLET_TESTS_SERVICE_CONF_KEY_FIXTURE_H_

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/error.h"
#include "service/conf_key_registry.h"
#include "tests/fakes/fake_store.h"
#include "tests/fakes/status_text.h"

namespace inlet::service {

inline v1::SourceSettings Header(const std::string& value) {
  v1::SourceSettings settings;
  settings.set_addr("feed.example.com");
  (*settings.mutable_request_header())["Authorization"] = value;
  return settings;
}

inline v1::SourceSettings MaxMessageBytes(uint32_t bytes) {
  v1::SourceSettings settings;
  settings.set_max_message_bytes(bytes);
  return settings;
}

class ConfKeyRegistryTest : public testing::Test {
 protected:
  // `feed` and `default`.
  static config::ConfKeys File() {
    config::ConfKeys file;
    EXPECT_TRUE(file.Set("feed", Header("Bearer of-the-file"), "w.yaml:3").ok());
    EXPECT_TRUE(file.Set("default", MaxMessageBytes(1000), "w.yaml:1").ok());
    return file;
  }

  ConfKeyRegistry::Options Options() {
    ConfKeyRegistry::Options options;
    options.store = &store_;
    options.secrets = &secrets_;
    options.next_streams = [this](std::string_view after, size_t limit) {
      std::vector<StreamEntryPtr> page;
      for (auto next = streams_.upper_bound(std::string(after)); next != streams_.end() && page.size() < limit;
           ++next) {
        page.push_back(next->second);
      }
      return page;
    };
    options.plan = [](const StreamEntry& stream, const config::ConfKeys& keys) {
      return PlanKept(stream.definition.Unpack(), keys, {});
    };
    options.apply = [this](const auto& plans, const auto& commit) { return Apply(plans, commit); };
    return options;
  }

  absl::StatusOr<std::vector<std::string>> Apply(const std::vector<StreamPlan>& plans,
                                                 const std::function<absl::Status()>& commit) {
    if (!apply_status_.ok()) return apply_status_;
    if (absl::Status committed = commit ? commit() : absl::OkStatus(); !committed.ok()) return committed;
    std::vector<std::string> names;
    for (const StreamPlan& plan : plans) {
      names.push_back(plan.spec.name);
      if (commit) applied_[plan.spec.name] = plan.spec;
    }
    return names;
  }

  void AddStream(const std::string& name, const std::string& conf_key,
                 v1::Stream::Role role = v1::Stream::ROLE_UNSPECIFIED) {
    v1::Stream definition;
    definition.set_name(name);
    definition.set_conf_key(conf_key);
    definition.set_role(role);
    streams_[name] = std::make_shared<const StreamEntry>(StreamEntry{{definition, definition}, {}});
  }
  absl::StatusOr<ConfKeyRegistry::Changed> Put(const std::string& name, const v1::SourceSettings& settings,
                                               const std::string& etag = "", bool validate_only = false) {
    return registry_.Put(name, settings, etag, validate_only);
  }
  ConfKeyEntry Entry(const std::string& name) const {
    const auto snapshot = registry_.snapshot();
    const auto found = snapshot->entries.find(name);
    return found == snapshot->entries.end() ? ConfKeyEntry() : found->second;
  }

  const config::ConfKeys file_ = File();
  FakeStore store_;
  SecretStore secrets_{{{"INLET_SECRET_*"}, "", "", [](const std::string& name) {
                          return name == "INLET_SECRET_A" ? std::optional<std::string>("secret") : std::nullopt;
                        }}};
  std::map<std::string, StreamEntryPtr> streams_;
  std::map<std::string, ingest::StreamSpec> applied_;
  absl::Status apply_status_;
  ConfKeyRegistry registry_{file_, Options()};
};

}  // namespace inlet::service

#endif  // INLET_TESTS_SERVICE_CONF_KEY_FIXTURE_H_
