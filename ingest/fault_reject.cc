// A message that could not be handed over as text, as a reject.
#include "ingest/fault_reject.h"

#include <variant>

#include "ingest/text.h"

namespace inlet::ingest {
namespace {

RejectReason ReasonOf(MessageFault fault) {
  switch (fault) {
    case MessageFault::kBinary:
      return RejectReason::kBinaryMessage;
    case MessageFault::kTooLarge:
      return RejectReason::kTooLarge;
    case MessageFault::kNoRoom:
      return RejectReason::kNoRoom;
  }
  return RejectReason::kTooLarge;
}

std::string Consequence(MessageFault fault, const StreamSpec& spec) {
  const bool is_client = std::holds_alternative<ClientRole>(spec.role);
  switch (fault) {
    case MessageFault::kBinary:
      return "only text messages carry records, the connection stays open";
    case MessageFault::kTooLarge:
      return Concat(
          {"maxMessageBytes is ", std::to_string(spec.max_message_bytes), ", the connection was closed with 1009"});
    case MessageFault::kNoRoom:
      return Concat({is_client ? "the bound of all messages that had begun" : "source.maxAssemblyBytes",
                     " left no room for it, the connection was closed with 1013; lower maxMessageBytes"});
  }
  return {};
}

}  // namespace

Reject ToReject(const MessageFaultReport& report, const StreamSpec& spec) {
  Reject reject;
  reject.reason = ReasonOf(report.fault);
  reject.detail = Concat({"a message of ", std::to_string(report.size), " bytes: ", Consequence(report.fault, spec)});
  reject.content = report.content;
  reject.is_binary = report.is_binary;
  reject.size = report.size;
  return reject;
}

}  // namespace inlet::ingest
