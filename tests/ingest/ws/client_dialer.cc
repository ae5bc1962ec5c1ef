// A dialer on a loop of its own that many tests share.
#include "tests/ingest/ws/client_dialer.h"

namespace inlet::ws {

ClientDialer::ClientDialer()
    : loop_(*EventLoop::Create({})), egress_(std::make_unique<EgressRules>(*EgressRules::Parse({}))) {
  loop_->Start();
  EXPECT_TRUE(loop_
                  ->Call([this] {
                    dialer_ = std::make_unique<LwsDialer>(*loop_, credentials_, *egress_, Resolver::Options());
                    return absl::OkStatus();
                  })
                  .ok());
}

ClientDialer::~ClientDialer() { loop_->Stop(); }

void ClientDialer::Drop::operator()(ClientConnection* connection) const {
  EXPECT_TRUE(loop->Call([&] {
                    delete connection;
                    return absl::OkStatus();
                  })
                  .ok());
}

ClientDialer::Connection ClientDialer::Dial(const DialRequest& request, RecordingEvents& events) {
  Connection connection(nullptr, Drop{loop_.get()});
  EXPECT_TRUE(loop_
                  ->Call([&] {
                    connection.reset(dialer_->Dial(request, events).release());
                    return absl::OkStatus();
                  })
                  .ok());
  return connection;
}

ClientDialer::Connection ClientDialer::Dial(uint16_t port, RecordingEvents& events) {
  return Dial(RequestTo(port), events);
}

DialRequest ClientDialer::RequestTo(uint16_t port) {
  DialRequest request;
  request.role.host = "127.0.0.1";
  request.role.port = port;
  request.role.target = "/";
  request.role.handshake_timeout = std::chrono::seconds(60);
  request.max_message_bytes = ingest::kLargestMaxMessageBytes;
  return request;
}

}  // namespace inlet::ws
