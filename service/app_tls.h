// The certificate files of the WebSocket server: read at start, and looked at again while it runs.
#ifndef INLET_SERVICE_APP_TLS_H_
#define INLET_SERVICE_APP_TLS_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/ws/server_options.h"
#include "service/config/app_config.h"

namespace inlet::service {

// Reads and checks all files. Errors say where the setting stands, which file it names, and what is wrong with it:
// InvalidArgument, or the code of the system's error.
absl::StatusOr<ws::TlsOptions> ReadTlsFiles(const config::ServerTlsConfig& config);

void LogTlsRefused(const absl::Status& status);

// The thread that calls Look, one that may block.
class TlsFiles {
 public:
  using Apply = std::function<void(ws::TlsMaterial material)>;

  // `material`: what the server has.
  TlsFiles(config::ServerTlsConfig config, ws::TlsMaterial material, Apply apply);

  // Reads the files. Content that is new and the same in two looks is applied if it is right, else logged; once in
  // either case. (A certificate and its key are two files, and are not written at one instant.)
  void Look();

 private:
  struct Seen {
    ws::TlsMaterial material;
    absl::Status status;
    bool operator==(const Seen&) const = default;
  };

  const config::ServerTlsConfig config_;
  const Apply apply_;
  Seen last_;     // of the last look
  Seen settled_;  // what was applied or logged last
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_APP_TLS_H_
