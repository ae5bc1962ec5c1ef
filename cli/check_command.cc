// The verb check: one call, and its answer as text or JSON.
#include "cli/check_command.h"

#include "cli/arguments.h"
#include "cli/check_text.h"
#include "cli/message_json.h"
#include "cli/terminal.h"

namespace inlet::cli {

v1::CheckConnectionRequest BuildRequest(const CheckCommand& command) {
  v1::CheckConnectionRequest request;
  request.set_stream(command.stream);
  request.set_sql(command.sql);
  request.set_conf_key(command.conf_key);
  request.set_datasource(command.datasource);
  constexpr int64_t kThousand = 1000;
  constexpr int32_t kNanosPerMillisecond = 1'000'000;
  const int64_t wait = command.wait_for_message.count();
  if (wait > 0) {
    request.mutable_wait_for_message()->set_seconds(wait / kThousand);
    request.mutable_wait_for_message()->set_nanos(static_cast<int32_t>(wait % kThousand) * kNanosPerMillisecond);
  }
  return request;
}

int RunCheck(const CheckCommand& command, CommandContext& context, bool coloured) {
  v1::CheckConnectionResponse response;
  const grpc::Status status = context.client.Call(context.client.connections(), &Client::Connections::CheckConnection,
                                                  BuildRequest(command), response);
  if (!status.ok()) return PrintStatus(status, context.invocation);
  context.output.buffer() += command.json ? JsonText(response) : CheckText(response, coloured);
  return response.reachable() ? kExitOk : kExitError;
}

}  // namespace inlet::cli
