// What the verb apply does: plans all steps, and does them only if every plan is sound.
#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "cli/apply_step.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/input_file.h"
#include "cli/outcome_text.h"
#include "cli/terminal.h"
#include "cli/wanted_definitions.h"
#include "cli/words.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

// What is wrong in any of the files is told before the service is asked about the rest.
std::optional<WantedDefinitions> ReadWanted(const ApplyCommand& command) {
  const auto files = ExpandFolders(command.files);
  std::vector<absl::Status> mistakes;
  if (!files.ok()) mistakes.push_back(files.status());
  bool is_read = true;
  WantedDefinitions wanted;
  for (size_t i = 0; files.ok() && i < files->size(); ++i) {
    const std::string& file = (*files)[i];
    const std::optional<std::string> text = ReadInput(file);
    is_read = is_read && text.has_value();
    if (!text) continue;
    for (absl::Status& mistake : AddDefinitions(file == "-" ? "standard input" : file, *text, wanted)) {
      mistakes.push_back(std::move(mistake));
    }
  }
  for (const absl::Status& mistake : mistakes) PrintError(ToText(mistake));
  if (!is_read || !mistakes.empty()) return std::nullopt;
  return wanted;
}

class Application {
 public:
  Application(const ApplyCommand& command, const WantedDefinitions& wanted, CommandContext& context)
      : command_(command), wanted_(wanted), context_(context) {}

  int Run() {
    const bool is_sound = Plan();
    if (!is_sound) {
      PrintError("nothing was changed");
      return kExitError;
    }
    if (!command_.dry_run && !Do()) {
      PrintError("what follows in the files was not applied");
      return kExitError;
    }
    if (command_.dry_run) PrintPlan();
    PrintSummary();
    const bool differs = counts_[0] + counts_[1] + counts_[3] > 0;
    return command_.dry_run && command_.exit_code && differs ? kExitDiffers : kExitOk;
  }

 private:
  // Every mistake is told, not the first alone.
  bool Plan() {
    bool is_sound = true;
    std::set<std::string> changing;
    for (const WantedConfKey& key : wanted_.conf_keys) {
      ApplyStep& step = conf_key_steps_.emplace_back();
      is_sound = Tell(PlanConfKey(key, changing, context_.client, step), key.place) && is_sound;
      if (step.kind != StepKind::kKeep || !step.secrets.empty()) changing.insert(key.conf_key.name());
    }
    for (const WantedStream& stream : wanted_.streams) {
      ApplyStep& step = stream_steps_.emplace_back();
      is_sound = Tell(PlanStream(stream, changing, context_.client, step), stream.place) && is_sound;
    }
    return FindRemoved() && is_sound;
  }

  bool FindRemoved() {
    if (command_.prune.empty()) return true;
    v1::ListStreamsRequest request;
    request.mutable_labels()->insert(command_.prune.begin(), command_.prune.end());
    v1::ListStreamsResponse all;
    bool is_sound = Tell(context_.client.List(request, all), "--prune");
    for (const v1::Stream& stream : all.streams()) {
      const bool is_wanted =
          std::any_of(wanted_.streams.begin(), wanted_.streams.end(),
                      [&](const WantedStream& wanted) { return wanted.definition.name() == stream.name(); });
      if (is_wanted) continue;
      is_sound = Tell(PlanRemoval(stream, context_.client), "--prune") && is_sound;
      removed_.emplace_back(stream.name(), stream.etag());
    }
    return is_sound;
  }

  // Conf keys come before the streams that need them.
  bool Do() {
    for (size_t i = 0; i < conf_key_steps_.size(); ++i) {
      const WantedConfKey& key = wanted_.conf_keys[i];
      conf_key_steps_[i].is_unchecked = false;
      if (!Tell(DoConfKey(key, context_.client, conf_key_steps_[i]), key.place)) return false;
      Print(conf_key_steps_[i], "conf key", key.conf_key.name());
    }
    for (size_t i = 0; i < stream_steps_.size(); ++i) {
      const WantedStream& stream = wanted_.streams[i];
      stream_steps_[i].is_unchecked = false;
      if (!Tell(DoStream(stream, context_.client, stream_steps_[i]), stream.place)) return false;
      Print(stream_steps_[i], "stream", stream.definition.name());
    }
    return Remove();
  }

  bool Remove() {
    for (const auto& [name, etag] : removed_) {
      v1::DeleteStreamRequest request;
      request.set_name(name);
      request.set_etag(etag);
      v1::DeleteStreamResponse response;
      Client& client = context_.client;
      if (!Tell(client.Call(client.streams(), &Client::Streams::DeleteStream, request, response), name)) return false;
      PrintRemoved(name);
    }
    return true;
  }

  void PrintPlan() {
    for (size_t i = 0; i < conf_key_steps_.size(); ++i) {
      Print(conf_key_steps_[i], "conf key", wanted_.conf_keys[i].conf_key.name());
    }
    for (size_t i = 0; i < stream_steps_.size(); ++i) {
      Print(stream_steps_[i], "stream", wanted_.streams[i].definition.name());
    }
    for (const auto& [name, etag] : removed_) PrintRemoved(name);
  }

  bool Tell(const grpc::Status& status, const std::string& place) {
    if (status.ok()) return true;
    context_.output.Flush();  // in the order in which it happened
    PrintError(Concat({place, ":"}));
    PrintStatus(status, context_.invocation);
    return false;
  }

  void Print(const ApplyStep& step, std::string_view what, const std::string& name) {
    ++counts_[static_cast<size_t>(step.kind)];
    context_.output.buffer() += StepText(step, what, name, command_.dry_run);
    if (command_.dry_run && step.kind == StepKind::kKeep && !step.secrets.empty()) {
      const std::string secrets = ChangesText({}, step.secrets, true);
      PrintNotice(Concat({"warning: ", what, " ", name, " is as it should be, if its secrets are", secrets}));
    }
  }

  void PrintRemoved(const std::string& name) {
    ApplyStep step;
    step.kind = StepKind::kRemove;
    Print(step, "stream", name);
  }

  void PrintSummary() {
    const std::string_view would = command_.dry_run ? "to be " : "";
    const auto count = [this](StepKind kind) { return std::to_string(counts_[static_cast<size_t>(kind)]); };
    context_.output.buffer() +=
        Concat({count(StepKind::kCreate), " ", would, "created, ", count(StepKind::kUpdate), " ", would, "changed, ",
                count(StepKind::kRemove), " ", would, "removed, ", count(StepKind::kKeep), " as they should be\n"});
  }

  const ApplyCommand& command_;
  const WantedDefinitions& wanted_;
  CommandContext& context_;
  std::vector<ApplyStep> conf_key_steps_;  // as in wanted_
  std::vector<ApplyStep> stream_steps_;
  std::vector<std::pair<std::string, std::string>> removed_;  // name, etag
  std::array<size_t, 4> counts_{};                            // by StepKind
};

}  // namespace

int RunApply(const ApplyCommand& command, CommandContext& context) {
  const std::optional<WantedDefinitions> wanted = ReadWanted(command);
  if (!wanted) return kExitUsage;
  return Application(command, *wanted, context).Run();
}

}  // namespace inlet::cli
