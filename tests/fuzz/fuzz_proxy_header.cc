// The PROXY protocol's header from any bytes: a verdict that does not depend on how they were cut into segments.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "ingest/ws/proxy_header.h"

namespace inlet::ws {
namespace {

using State = ProxyHeader::State;

void Require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", promise);
  std::abort();
}

void CheckWhole(std::string_view bytes, const ProxyHeader& header) {
  if (header.state == State::kIncomplete) Require(bytes.size() < kMostProxyHeaderBytes, "an end of the waiting");
  if (header.state == State::kMalformed) Require(!header.problem.empty(), "a problem has a name");
  if (header.state != State::kComplete) return;
  Require(header.size <= bytes.size() && header.size <= kMostProxyHeaderBytes, "a header lies inside the bytes");
  const ProxyHeader alone = ParseProxyHeader(bytes.substr(0, header.size));
  Require(alone.state == State::kComplete && alone.size == header.size, "what follows a header does not matter");
  Require(alone.peer.has_value() == header.peer.has_value(), "nor for the peer");
  if (header.peer) Require(header.peer->ToString() != "unknown", "a peer has an address");
}

void CheckCut(const ProxyHeader& whole, size_t cut, const ProxyHeader& part) {
  if (whole.state == State::kComplete && cut < whole.size) Require(part.state == State::kIncomplete, "a part waits");
  if (part.state == State::kMalformed) Require(whole.state == State::kMalformed, "more bytes heal nothing");
  if (whole.state == State::kIncomplete) Require(part.state == State::kIncomplete, "less is no verdict either");
}

}  // namespace
}  // namespace inlet::ws

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace inlet::ws;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const ProxyHeader whole = ParseProxyHeader(bytes);
  CheckWhole(bytes, whole);
  for (size_t cut = 0; cut < size && cut < 300; ++cut) CheckCut(whole, cut, ParseProxyHeader(bytes.substr(0, cut)));
  return 0;
}
