// The plain service's WebSocket side: libwebsockets with its own loop.
#ifndef INLET_BENCH_NAIVE_WEB_SOCKET_SERVER_H_
#define INLET_BENCH_NAIVE_WEB_SOCKET_SERVER_H_

#include <atomic>
#include <cstdint>

#include "bench/naive/hub.h"

namespace inlet::bench {

// Listens on 127.0.0.1:`port` and publishes each valid JSON object until `stop`. False if it cannot listen.
bool ServeWebSockets(Hub* hub, uint16_t port, const std::atomic<bool>& stop);

}  // namespace inlet::bench

#endif  // INLET_BENCH_NAIVE_WEB_SOCKET_SERVER_H_
