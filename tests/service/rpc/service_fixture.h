// A registry with fake sources, and the parts around it, for tests of what is shown of streams.
#ifndef INLET_TESTS_SERVICE_RPC_SERVICE_FIXTURE_H_
#define INLET_TESTS_SERVICE_RPC_SERVICE_FIXTURE_H_

#include <string>

#include "grpcpp/grpcpp.h"
#include "ingest/publisher.h"
#include "service/loop_call.h"
#include "service/rpc/error_mapping.h"
#include "service/stream_plan.h"
#include "service/stream_registry.h"
#include "tests/fakes/fake_source.h"
#include "tests/fakes/thread_loop.h"

namespace inlet::rpc {

// ErrorInfo.reason of an error; empty if it has none.
inline std::string ReasonOf(const grpc::Status& status) {
  const auto details = ParseErrorDetails(status);
  wire::ErrorInfo info;
  if (details && details->details_size() > 0) info.ParseFromString(details->details(0).value());
  return info.reason();
}

class ServiceParts {
 public:
  // `observer`, if there is one, outlives this.
  explicit ServiceParts(service::RegistryObserver* observer = nullptr) : sources(&loop), registry(Options(observer)) {}

  // Runs `call` on the loop, and publishes what it brought.
  void OnLoop(std::function<void()> call) {
    service::RunOnLoop(loop, [this, call = std::move(call)] {
      call();
      publisher.Publish();
    });
  }

  absl::StatusOr<service::StreamPlan> Plan(const v1::CreateStreamRequest& request) const {
    return service::PlanStream(request, conf_keys, {});
  }

  absl::StatusOr<service::StreamEntryPtr> Create(const std::string& name) {
    v1::CreateStreamRequest request;
    request.mutable_stream()->set_name(name);
    const auto plan = Plan(request);
    if (!plan.ok()) return plan.status();
    return registry.Create(*plan, {});
  }

  ingest::ThreadLoop loop;
  ingest::Publisher publisher;
  ingest::FakeSourceFactory sources;
  config::ConfKeys conf_keys;
  service::StreamRegistry registry;

 private:
  service::StreamRegistry::Options Options(service::RegistryObserver* observer) {
    service::StreamRegistry::Options options;
    options.loop = &loop;
    options.publisher = &publisher;
    options.sources = &sources;
    options.observer = observer;
    return options;
  }
};

}  // namespace inlet::rpc

#endif  // INLET_TESTS_SERVICE_RPC_SERVICE_FIXTURE_H_
