// A registry over fakes: a loop with a thread, sources without a network, a store in memory.
#ifndef INLET_TESTS_SERVICE_REGISTRY_FIXTURE_H_
#define INLET_TESTS_SERVICE_REGISTRY_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "ingest/error.h"
#include "service/config/input_fields.h"
#include "service/definition_diff.h"
#include "service/loop_call.h"
#include "service/stream_registry.h"
#include "tests/fakes/fake_source.h"
#include "tests/fakes/fake_store.h"
#include "tests/fakes/thread_loop.h"

namespace inlet::service {

class RegistryFixture : public testing::Test {
 protected:
  static StreamPlan Plan(const std::string& name, const std::string& path = "") {
    v1::Stream definition;
    definition.set_name(name);
    definition.set_datasource(path);
    return PlanOf(definition);
  }
  // As PlanStored, for what these tests need: the server role at a path.
  static StreamPlan PlanOf(const v1::Stream& definition) {
    StreamPlan plan;
    plan.definition = config::InputFieldsOf(definition);
    plan.definition.set_sql(definition.sql());
    plan.definition.set_role(v1::Stream::SERVER);
    plan.shown = plan.definition;
    plan.spec.name = definition.name();
    plan.spec.role = ingest::ServerRole{EffectiveDatasource(plan.definition)};
    plan.spec.max_message_bytes = definition.settings().max_message_bytes();
    plan.spec.retention.max_records = definition.retention().max_records();
    return plan;
  }
  StreamRegistry::Options Options() {
    StreamRegistry::Options options;
    options.loop = &loop_;
    options.publisher = &publisher_;
    options.sources = &sources_;
    options.store = &store_;
    options.plan = [this](const v1::Stream& definition) -> absl::StatusOr<StreamPlan> {
      if (definition.conf_key() == bad_conf_key_) return FieldInvalid("stream.conf_key", "there is no such conf key");
      return PlanOf(definition);
    };
    return options;
  }
  static std::string Reason(const absl::Status& status) { return GetErrorDetail(status).reason; }
  ingest::StreamSnapshot Snapshot(const std::string& name) const { return registry_->Find(name)->Snapshot(); }
  void Create(const std::string& name, const std::string& path = "") {
    const auto created = registry_->Create(Plan(name, path), {});
    ASSERT_TRUE(created.ok()) << created.status();
  }

  ingest::ThreadLoop loop_;
  ingest::Publisher publisher_;
  ingest::FakeSourceFactory sources_{&loop_};
  FakeStore store_;
  std::string bad_conf_key_ = "bad";
  std::unique_ptr<StreamRegistry> registry_ = std::make_unique<StreamRegistry>(Options());
};

}  // namespace inlet::service

#endif  // INLET_TESTS_SERVICE_REGISTRY_FIXTURE_H_
