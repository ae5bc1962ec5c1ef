// Tells when a socket can be read or written, before libwebsockets hears of it.
#ifndef INLET_INGEST_WS_FD_WATCHER_H_
#define INLET_INGEST_WS_FD_WATCHER_H_

#include <ev.h>

#include <functional>
#include <utility>

#include "ingest/ws/event_loop.h"

namespace inlet::ws {

// Loop thread only. To be stopped before the socket is closed.
class FdWatcher {
 public:
  // The call may stop, restart or destroy the watcher.
  FdWatcher(EventLoop& loop, std::function<void(int events)> call) : loop_(loop), call_(std::move(call)) {
    ev_init(&watcher_, &FdWatcher::OnEvent);
    ev_set_priority(&watcher_, EV_MAXPRI);
    watcher_.data = this;
  }
  ~FdWatcher() { Stop(); }
  FdWatcher(const FdWatcher&) = delete;
  FdWatcher& operator=(const FdWatcher&) = delete;

  // `events`: EV_READ, EV_WRITE or both.
  void Watch(int fd, int events) {
    Stop();
    ev_io_set(&watcher_, fd, events);
    ev_io_start(loop_.handle(), &watcher_);
  }
  void Stop() { ev_io_stop(loop_.handle(), &watcher_); }

 private:
  static void OnEvent(struct ev_loop* /*loop*/, ev_io* watcher, int events) {
    const auto call = static_cast<FdWatcher*>(watcher->data)->call_;  // a copy: the watcher may go
    call(events);
  }

  EventLoop& loop_;
  std::function<void(int)> call_;
  ev_io watcher_{};
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_FD_WATCHER_H_
