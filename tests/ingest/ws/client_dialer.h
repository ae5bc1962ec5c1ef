// A dialer on a loop of its own that many tests share.
#ifndef INLET_TESTS_INGEST_WS_CLIENT_DIALER_H_
#define INLET_TESTS_INGEST_WS_CLIENT_DIALER_H_

#include <cstdint>
#include <memory>

#include "tests/ingest/ws/dial_fixture.h"

namespace inlet::ws {

class ClientDialer {
 public:
  ClientDialer();
  ~ClientDialer();
  ClientDialer(const ClientDialer&) = delete;
  ClientDialer& operator=(const ClientDialer&) = delete;

  // Destroys the connection in the loop's thread. Not in the loop's thread.
  struct Drop {
    EventLoop* loop = nullptr;
    void operator()(ClientConnection* connection) const;
  };
  using Connection = std::unique_ptr<ClientConnection, Drop>;

  // Dials ws://127.0.0.1:PORT/ with the largest limit for messages. `events` must outlive the connection.
  Connection Dial(const DialRequest& request, RecordingEvents& events);
  Connection Dial(uint16_t port, RecordingEvents& events);
  static DialRequest RequestTo(uint16_t port);

 private:
  TableCredentials credentials_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<EgressRules> egress_;
  std::unique_ptr<LwsDialer> dialer_;
};

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_CLIENT_DIALER_H_
