// Dials WebSocket servers with libwebsockets: what all dials share.
#include "ingest/ws/lws_dialer.h"

#include <cassert>
#include <utility>

#include "ingest/ws/client_context.h"
#include "ingest/ws/client_dial.h"
#include "ingest/ws/dial_plan.h"

namespace inlet::ws {

LwsDialer::LwsDialer(EventLoop& loop, const ingest::Credentials& credentials, const EgressRules& egress,
                     Resolver::Options resolver, SystemAuthorities system, size_t most_assembly_bytes)
    : loop_(loop),
      credentials_(credentials),
      egress_(egress),
      resolver_options_(std::move(resolver)),
      system_(std::move(system)),
      assembling_(most_assembly_bytes, counters_.assembly_bytes) {}

LwsDialer::~LwsDialer() { assert(!context_); }

absl::Status LwsDialer::Open() {
  if (context_) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<ClientContext>> context = ClientContext::Create(loop_);
  if (!context.ok()) return context.status();
  context_ = *std::move(context);
  resolver_ = std::make_unique<Resolver>(loop_, resolver_options_);
  trust_ = std::make_unique<TrustStores>(loop_, system_, counters_.trust_parses);
  loop_.AtExit([this] {
    trust_.reset();
    resolver_.reset();
    context_.reset();
  });
  return absl::OkStatus();
}

std::unique_ptr<ClientConnection> LwsDialer::Dial(const DialRequest& request, ConnectionEvents& events) {
  assert(loop_.InLoopThread());
  const absl::Status opened = Open();
  return std::make_unique<ClientDial>(
      ClientDial::Shared{loop_, egress_, resolver_.get(), context_.get(), trust_.get(), counters_, assembling_},
      opened.ok() ? MakeDialPlan(request, credentials_) : absl::StatusOr<DialPlan>(opened), events);
}

}  // namespace inlet::ws
