// The verb watch: a line for each change of a stream's status.
#include "cli/watch_command.h"

#include <google/protobuf/util/time_util.h>
#include <grpcpp/client_context.h>

#include <algorithm>
#include <memory>

#include "cli/arguments.h"
#include "cli/message_json.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

using std::chrono::milliseconds;

std::string TimeText(std::chrono::system_clock::time_point time) {
  const auto since_1970 = std::chrono::duration_cast<milliseconds>(time.time_since_epoch());
  return google::protobuf::util::TimeUtil::ToString(
      google::protobuf::util::TimeUtil::MillisecondsToTimestamp(since_1970.count()));
}

std::string StatusText(const v1::StreamStatus& status) {
  const std::string reason = status.reason().empty() ? std::string() : Concat({": ", status.reason()});
  return Concat({LowerCase(v1::StreamStatus::State_Name(status.state())), reason, " (", Grouped(status.connections()),
                 " connections, ", Grouped(status.records()), " records, ", Grouped(status.rejects()), " rejects)"});
}

// A service that stops refuses calls, or cancels them.
bool MayHeal(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE || status.error_code() == grpc::StatusCode::CANCELLED;
}

// On one line, as programs read it.
std::string JsonLine(const v1::WatchStreamResponse& response) {
  const std::string json = CompactJson(response);
  return json.empty() ? json : Concat({json, "\n"});
}

class Watching {
 public:
  Watching(const WatchCommand& command, CommandContext& context, Stop& stop)
      : command_(command), context_(context), stop_(stop) {}

  grpc::Status Run() {
    constexpr milliseconds kLongestDelay{2000};
    milliseconds delay{250};
    while (true) {
      has_answer_ = false;
      grpc::Status status = RunCall();
      was_answered_ = was_answered_ || has_answer_;
      if (stop_.requested()) return grpc::Status::OK;
      if (!was_answered_ || !MayHeal(status)) return status;
      delay = has_answer_ ? milliseconds(250) : std::min(delay * 2, kLongestDelay);
      PrintNotice(Concat({"lost: ", status.error_message(), "; trying again"}));
      if (stop_.WaitFor(delay)) return grpc::Status::OK;
    }
  }

 private:
  grpc::Status RunCall() {
    const auto call = std::make_shared<grpc::ClientContext>();
    stop_.SetCancel([call] { call->TryCancel(); });
    v1::WatchStreamRequest request;
    request.set_name(command_.name);
    const auto reader = context_.client.streams().WatchStream(call.get(), request);
    v1::WatchStreamResponse response;
    while (!stop_.requested() && reader->Read(&response)) Print(response);
    if (stop_.requested()) call->TryCancel();
    grpc::Status status = reader->Finish();
    stop_.SetCancel(nullptr);
    return status;
  }

  void Print(const v1::WatchStreamResponse& response) {
    has_answer_ = true;
    Output& output = context_.output;
    output.buffer() += command_.json ? JsonLine(response) : WatchLine(response, std::chrono::system_clock::now());
    output.Flush();
    if (output.closed()) stop_.Request(Stop::Reason::kOutputClosed);
  }

  const WatchCommand& command_;
  CommandContext& context_;
  Stop& stop_;
  bool has_answer_ = false;    // of this call
  bool was_answered_ = false;  // of any
};

}  // namespace

std::string WatchLine(const v1::WatchStreamResponse& response, std::chrono::system_clock::time_point now) {
  if (response.name().empty()) return {};
  const std::string what = response.deleted() ? std::string("deleted") : StatusText(response.status());
  return Concat({TimeText(now), " ", response.name(), " ", what, "\n"});
}

int RunWatch(const WatchCommand& command, CommandContext& context, Stop& stop) {
  const grpc::Status status = Watching(command, context, stop).Run();
  return status.ok() ? kExitOk : PrintStatus(status, context.invocation);
}

}  // namespace inlet::cli
