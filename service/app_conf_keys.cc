// The conf keys of the service: which streams take them, and the file that they come from.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/log.h"
#include "service/app.h"

namespace inlet::service {

ConfKeyRegistry::Options App::ConfKeyOptions() {
  ConfKeyRegistry::Options options;
  options.store = catalog_.get();
  options.secrets = &secrets_;
  options.allow_proxy = Rules().allow_proxy;
  options.next_streams = [this](std::string_view after, size_t limit) { return registry_->ListAfter(after, limit); };
  options.plan = [this](const StreamEntry& stream, const config::ConfKeys& keys) {
    return PlanKept(stream.definition.Unpack(), keys, Rules());
  };
  options.apply = [this](std::vector<StreamPlan> plans, const auto& commit) {
    return registry_->ChangeSeveral(std::move(plans), {!commit, commit});
  };
  return options;
}

// Without a watch SIGHUP still works.
void App::WatchConfKeys() {
  if (!conf_key_file_) return;
  auto watch = FileWatch::Start({config_.sources_file->path, [this] { PostReload(false); }});
  if (watch.ok()) {
    file_watch_ = *std::move(watch);
    PostReload(false);  // for an edit since the file was read, of which the watch knows nothing
    return;
  }
  Log(LogLevel::kWarn, "file_watch_unavailable",
      {{"file", config_.sources_file->path},
       {"error", std::string(watch.status().message())},
       {"hint", "send SIGHUP after a change"}});
}

void App::Reload() {
  if (conf_key_file_) return PostReload(true);
  Log(LogLevel::kInfo, "reload_ignored", {{"reason", "the service was started without --config: there is no file"}});
}

void App::PostReload(bool asked) {
  static_cast<void>(control_->PostAlways([this, asked] { conf_key_file_->Reload(asked); }));  // else it stops
}

}  // namespace inlet::service
