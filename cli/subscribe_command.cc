// The verb subscribe: a request from the options, records to standard output, all else to standard error.
#include "cli/subscribe_command.h"

#include <unistd.h>

#include <utility>

#include "cli/address.h"
#include "cli/arguments.h"
#include "cli/notice_text.h"
#include "cli/record_line.h"
#include "cli/reject_line.h"
#include "cli/service_error.h"
#include "cli/subscription.h"
#include "cli/terminal.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

class StartWriter {
 public:
  explicit StartWriter(v1::SubscribeRequest& request) : request_(request) {}

  void operator()(const FromNext& /*from*/) const {}
  void operator()(const FromEarliest& /*from*/) const { request_.set_earliest(true); }
  void operator()(const FromLast& from) const { request_.set_last(from.count); }
  void operator()(const FromTime& from) const { *request_.mutable_since() = from.time; }
  void operator()(const FromOffset& from) const {
    request_.mutable_after()->set_epoch(from.epoch);
    request_.mutable_after()->set_offset(from.offset - 1);
  }

 private:
  v1::SubscribeRequest& request_;
};

v1::SubscribeRequest BuildRequest(const SubscribeCommand& command) {
  v1::SubscribeRequest request;
  request.set_stream(command.name);
  std::visit(StartWriter(request), command.from);
  request.set_encoding(command.view == SubscribeCommand::View::kJson ? v1::SubscribeRequest::JSON
                                                                     : v1::SubscribeRequest::DATA);
  if (command.rejects) request.set_channel(v1::SubscribeRequest::REJECTS);
  request.set_max_records(command.max_records);
  request.set_stop_when_caught_up(command.until_now);
  return request;
}

// A bare offset is meant in the current epoch, which has to be asked for.
grpc::Status CompletePosition(v1::SubscribeRequest& request, CommandContext& context, bool quiet) {
  if (!request.has_after() || !request.after().epoch().empty()) return grpc::Status::OK;
  v1::Stream stream;
  grpc::Status status = context.client.Get(request.stream(), stream);
  if (!status.ok()) return status;
  request.mutable_after()->set_epoch(stream.status().epoch());
  if (!quiet) {
    const std::string position = ResumePosition(request.after());
    PrintNotice(Concat({"an offset alone may be another record after a restart: --from ", position, " is exact"}));
  }
  return grpc::Status::OK;
}

class RecordPrinter {
 public:
  RecordPrinter(const SubscribeCommand& command, Output& output, Stop& stop)
      : command_(command), output_(output), stop_(stop), notices_(command.name), coloured_(HasColours(STDOUT_FILENO)) {}

  SubscriptionHandlers Handlers() {
    return {[this](const v1::Record& record, const std::string& epoch) { Print(record, epoch); },
            [this](const v1::Notice& notice) { Notify(notices_.Describe(notice)); }, [this] { Flush(); },
            [this](const Outage& outage) { Notify(notices_.DescribeRetry(outage)); }};
  }

  void Notify(const std::string& text) const {
    if (!command_.quiet && !text.empty()) PrintNotice(text);
  }

 private:
  void Print(const v1::Record& record, const std::string& epoch) {
    if (record.has_gap() && command_.output == SubscribeCommand::Output::kJson) return NotifyGap(record.gap());
    const bool decoded = record.payload_case() != v1::Record::kJson;
    const std::string data = decoded ? DecodedJson(record) : std::string();
    const std::string& json = decoded ? data : record.json();
    if (!coloured_) {
      Append(output_.buffer(), record, epoch, json);
    } else {
      std::string line;
      Append(line, record, epoch, json);
      output_.buffer() += Coloured(line);
    }
    output_.FlushIfLarge();
  }

  // A full line has the time and the connection anyway.
  std::string DecodedJson(const v1::Record& record) const {
    const bool is_bare_reject = record.has_reject() && command_.output == SubscribeCommand::Output::kJson;
    return is_bare_reject ? RejectRecordJson(record) : RecordJson(record);
  }

  // Among bare records a gap would be taken for one.
  void NotifyGap(const v1::Gap& gap) {
    Flush();
    v1::Notice notice;
    *notice.mutable_gap() = gap;
    Notify(notices_.Describe(notice));
  }

  void Append(std::string& out, const v1::Record& record, const std::string& epoch, std::string_view json) const {
    if (command_.output == SubscribeCommand::Output::kFull) {
      AppendFullLine(out, record, epoch, json);
    } else {
      AppendJsonLine(out, json);
    }
  }

  // Records come in responses as large as the reader is slow, so a write for each is a write for many when it matters.
  void Flush() {
    output_.Flush();
    if (output_.closed()) stop_.Request(Stop::Reason::kOutputClosed);
  }

  const SubscribeCommand& command_;
  Output& output_;
  Stop& stop_;
  NoticeText notices_;
  bool coloured_;
};

std::string GoOn(const Subscription& subscription, const SubscribeCommand& command, const std::string& address) {
  return Concat({"go on with: inletctl subscribe ", command.name, command.rejects ? " --rejects" : "", " --from ",
                 ResumePosition(subscription.position()), AddressOption(address)});
}

// The service counts from the record before the one that was asked for, which would be the user's number less one.
bool PrintOffsetAhead(const SubscribeCommand& command, const ServiceError& error) {
  const auto* from = std::get_if<FromOffset>(&command.from);
  const auto next = error.metadata.find("next_offset");
  if (from == nullptr || error.reason != "OFFSET_AHEAD" || next == error.metadata.end()) return false;
  PrintError(Concat({"there is no record ", std::to_string(from->offset), " yet: the next one will be ", next->second,
                     "; was the position taken from another stream?"}));
  return true;
}

int PrintEnd(const SubscribeCommand& command, const CommandContext& context, const Subscription& subscription,
             const grpc::Status& status) {
  const ServiceError error = ReadServiceError(status);
  if (!PrintOffsetAhead(command, error)) PrintStatus(status, context.invocation);
  const bool can_go_on = !subscription.position().epoch().empty() && error.reason != "STREAM_DELETED";
  if (can_go_on) PrintNotice(GoOn(subscription, command, context.invocation.address));
  return kExitError;
}

}  // namespace

int RunSubscribe(const SubscribeCommand& command, CommandContext& context, Stop& stop) {
  v1::SubscribeRequest request = BuildRequest(command);
  if (grpc::Status status = CompletePosition(request, context, command.quiet); !status.ok()) {
    return PrintStatus(status, context.invocation);
  }
  RecordPrinter printer(command, context.output, stop);
  Subscription subscription(context.client.streams(), std::move(request), printer.Handlers(), stop, {});
  const grpc::Status status = subscription.Run();
  if (!status.ok()) return PrintEnd(command, context, subscription, status);
  const bool interrupted = stop.reason() == Stop::Reason::kSignal && !subscription.position().epoch().empty();
  if (interrupted) {
    PrintNotice(Concat({"interrupted; ", GoOn(subscription, command, context.invocation.address)}));
  }
  return kExitOk;
}

}  // namespace inlet::cli
