// The certificate files of the WebSocket server: reading, checking, and noticing a change.
#include "service/app_tls.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "ingest/log.h"
#include "ingest/text.h"
#include "ingest/ws/server_tls.h"

namespace inlet::service {
namespace {

constexpr size_t kMostFileBytes = 1U << 20;

absl::Status FileError(std::string_view key, const config::FileSetting& file, absl::StatusCode code,
                       std::string_view message) {
  return {code, Concat({file.place, ": source.httpServerTls.", key, ": ", message})};
}

absl::Status ReadFile(std::string_view key, const config::FileSetting& file, std::string& text) {
  if (file.path.empty()) return absl::OkStatus();
  errno = 0;
  std::ifstream stream(file.path, std::ios::binary);
  std::error_code ignored;
  text.resize(std::min<size_t>(std::filesystem::file_size(file.path, ignored), kMostFileBytes) + 1);
  if (stream) stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad()) {
    const int error = errno == 0 ? EIO : errno;
    text.clear();
    return FileError(key, file, absl::ErrnoToStatusCode(error),
                     Concat({"cannot read ", file.path, ": ", std::strerror(error)}));
  }
  text.resize(static_cast<size_t>(stream.gcount()));
  if (text.size() <= kMostFileBytes) return absl::OkStatus();
  return FileError(key, file, absl::StatusCode::kInvalidArgument, Concat({file.path, " is larger than 1 MiB"}));
}

absl::Status ReadMaterial(const config::ServerTlsConfig& config, ws::TlsMaterial& material) {
  absl::Status status = ReadFile("certfile", config.certfile, material.certificate);
  if (status.ok()) status = ReadFile("keyfile", config.keyfile, material.private_key);
  if (status.ok()) status = ReadFile("clientCaFile", config.client_ca_file, material.client_ca);
  return status;
}

ws::ClientAuth ClientAuthOf(const config::ServerTlsConfig& config) {
  switch (config.EffectiveClientAuth()) {
    case config::ServerTlsConfig::ClientAuth::kNone:
      return ws::ClientAuth::kNone;
    case config::ServerTlsConfig::ClientAuth::kOptional:
      return ws::ClientAuth::kOptional;
    case config::ServerTlsConfig::ClientAuth::kRequired:
      break;
  }
  return ws::ClientAuth::kRequired;
}

// "KEY: what is wrong" becomes "PLACE: source.httpServerTls.KEY: PATH what is wrong".
absl::Status Check(const config::ServerTlsConfig& config, const ws::TlsOptions& options) {
  absl::Status checked = ws::CheckTlsMaterial(options);
  if (checked.ok()) return checked;
  const std::string_view message(checked.message().data(), checked.message().size());
  for (const auto& [key, file] : {std::pair<std::string_view, const config::FileSetting&>{"certfile", config.certfile},
                                  {"keyfile", config.keyfile},
                                  {"clientCaFile", config.client_ca_file}}) {
    const std::string prefix = Concat({key, ": "});
    if (!message.starts_with(prefix)) continue;
    return FileError(key, file, checked.code(), Concat({file.path, " ", message.substr(prefix.size())}));
  }
  return checked;
}

absl::Status ReadAndCheck(const config::ServerTlsConfig& config, ws::TlsOptions& options) {
  absl::Status status = ReadMaterial(config, options.material);
  if (status.ok()) status = Check(config, options);
  return status;
}

ws::TlsOptions EmptyOptions(const config::ServerTlsConfig& config) {
  ws::TlsOptions options;
  options.client_auth = ClientAuthOf(config);
  options.min_version = config.min_version;
  return options;
}

void LogCertificate(std::string_view event, const config::ServerTlsConfig& config, const ws::TlsMaterial& material) {
  Log(LogLevel::kInfo, event,
      {{"file", config.certfile.path}, {"certificate", ws::DescribeCertificate(material.certificate)}});
}

}  // namespace

absl::StatusOr<ws::TlsOptions> ReadTlsFiles(const config::ServerTlsConfig& config) {
  ws::TlsOptions options = EmptyOptions(config);
  if (absl::Status status = ReadAndCheck(config, options); !status.ok()) return status;
  return options;
}

void LogTlsRefused(const absl::Status& status) {
  const absl::string_view message = status.message();
  Log(LogLevel::kError, "tls_certificate_refused",
      {{"error", std::string_view(message.data(), message.size())}, {"kept", "the certificate that was read before"}});
}

TlsFiles::TlsFiles(config::ServerTlsConfig config, ws::TlsMaterial material, Apply apply)
    : config_(std::move(config)), apply_(std::move(apply)), last_{std::move(material), {}}, settled_(last_) {
  LogCertificate("tls_certificate", config_, last_.material);
}

void TlsFiles::Look() {
  ws::TlsOptions options = EmptyOptions(config_);
  Seen now;
  now.status = ReadMaterial(config_, options.material);
  now.material = options.material;
  const bool is_stable = now == last_;
  last_ = std::move(now);
  if (!is_stable || last_ == settled_) return;
  settled_ = last_;
  const absl::Status status = last_.status.ok() ? Check(config_, options) : last_.status;
  if (!status.ok()) return LogTlsRefused(status);
  LogCertificate("tls_certificate_replaced", config_, last_.material);
  apply_(last_.material);
}

}  // namespace inlet::service
