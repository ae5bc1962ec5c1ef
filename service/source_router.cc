// Gives each stream its source by its role.
#include "service/source_router.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "ingest/error.h"

namespace inlet::service {
namespace {

// Says at the start that nobody dials.
class NobodyDials final : public ingest::Source {
 public:
  explicit NobodyDials(std::string url) : url_(std::move(url)) {}
  absl::Status Start() override {
    return NotImplemented("stream.settings.addr", "this service was built without the client role: leave addr empty");
  }
  void Stop() override {}
  void Reconnect(std::string_view /*reason*/) override {}
  std::string endpoint() const override { return url_; }

 private:
  const std::string url_;
};

}  // namespace

std::unique_ptr<ingest::Source> SourceRouter::CreateSource(const ingest::StreamSpec& spec, ingest::SourceSink& sink) {
  const auto* const role = std::get_if<ingest::ClientRole>(&spec.role);
  if (role == nullptr) return server_.CreateSource(spec, sink);
  if (client_ == nullptr) return std::make_unique<NobodyDials>(role->url);
  return client_->CreateSource(spec, sink);
}

}  // namespace inlet::service
