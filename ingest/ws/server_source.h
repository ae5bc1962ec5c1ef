// The source of a server-role stream: its place in the shared server's table of paths.
#ifndef INLET_INGEST_WS_SERVER_SOURCE_H_
#define INLET_INGEST_WS_SERVER_SOURCE_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "ingest/source.h"
#include "ingest/stream_spec.h"
#include "ingest/ws/endpoint_table.h"

namespace inlet::ws {

class Server;

class ServerSource final : public ingest::Source {
 public:
  // The server and the sink must outlive it.
  ServerSource(Server& server, std::shared_ptr<const ingest::StreamSpec> spec, ingest::SourceSink& sink);
  ~ServerSource() override;
  ServerSource(const ServerSource&) = delete;
  ServerSource& operator=(const ServerSource&) = delete;

  // Also Unavailable: the server stops.
  absl::Status Start() override;
  void Stop() override;
  void Reconnect(std::string_view reason) override;
  bool CloseConnection(uint64_t connection, uint16_t code, std::string_view reason) override;
  ingest::SendVerdict Send(uint64_t connection, std::string_view text) override;
  void Change(std::shared_ptr<const ingest::StreamSpec> spec, std::string_view reason) override;
  std::string endpoint() const override;

 private:
  Server& server_;
  std::shared_ptr<const ingest::StreamSpec> spec_;
  ingest::SourceSink& sink_;
  Endpoint* endpoint_ = nullptr;  // null: not started
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_SERVER_SOURCE_H_
