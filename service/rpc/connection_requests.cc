// What callers ask about connections: the bounds of each field, and what is shown of a connection.
#include "service/rpc/connection_requests.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "ingest/error.h"
#include "ingest/json_parser.h"
#include "ingest/origin.h"
#include "ingest/text.h"
#include "service/rpc/convert.h"
#include "service/rpc/page_token.h"

namespace inlet::rpc {
namespace {

constexpr size_t kMostReasonBytes = 123;
constexpr size_t kMostTextBytes = 1U << 20;
constexpr uint32_t kNormalCode = 1000;

bool MayBeSent(uint32_t code) {
  if (code >= 3000) return code <= 4999;
  return code == 1000 || code == 1001 || code == 1003 || (code >= 1007 && code <= 1014);
}

v1::Connection ToConnection(const ingest::ConnectionRow& row) {
  const ingest::OpenConnection& open = row.connection;
  v1::Connection connection;
  connection.set_id(row.id);
  const std::string_view origin = ingest::OriginInside(open.origin_field);
  connection.mutable_origin()->ParseFromArray(origin.data(), static_cast<int>(origin.size()));
  connection.set_tls_version(open.tls_version);
  connection.set_subprotocol(open.subprotocol);
  *connection.mutable_connect_time() = ToTimestamp(open.connect_time);
  if (open.last_message_time != ingest::WallTime{}) {
    *connection.mutable_last_message_time() = ToTimestamp(open.last_message_time);
  }
  connection.set_messages(open.messages);
  connection.set_bytes(open.bytes);
  connection.set_rejects(open.rejects);
  return connection;
}

// Bytes that `connection` takes in the response: the tag, the length, and itself.
size_t EncodedSize(const v1::Connection& connection) { return connection.ByteSizeLong() + 6; }

bool PathHasVariable(std::string_view path, std::string_view name) {
  return path.find(Concat({"/{", name, "}"})) != std::string_view::npos;
}

absl::StatusOr<ingest::SendTarget> ReadVariables(const v1::Variables& variables, const std::string& path) {
  if (variables.values().empty()) {
    return FieldInvalid("variables", "variables is empty: name a value, or set all to true");
  }
  ingest::SendTarget target;
  const std::map<std::string, std::string> sorted(variables.values().begin(), variables.values().end());
  for (const auto& [name, value] : sorted) {
    if (!PathHasVariable(path, name)) {
      return FieldInvalid("variables", Concat({"variables: the path ", path, " has no variable {", name, "}"}));
    }
    target.variables.emplace_back(name, value);
  }
  return target;
}

absl::Status CheckText(const std::string& text) {
  if (text.size() > kMostTextBytes) {
    return FieldInvalid("text", Concat({"text has ", std::to_string(text.size()), " bytes, and 1048576 are the most"}));
  }
  return ingest::IsUtf8(text) ? absl::OkStatus() : FieldInvalid("text", "text is not UTF-8");
}

}  // namespace

absl::Status CheckStreamGiven(const std::string& stream) {
  return stream.empty()
             ? FieldInvalid("stream", R"(stream is missing: send {"stream": "..."}; ListStreams tells all names)")
             : absl::OkStatus();
}

absl::StatusOr<ConnectionsPage> ReadConnectionsPage(const v1::ListConnectionsRequest& request) {
  const absl::StatusOr<size_t> size = ReadPageSize(request.page_size());
  if (!size.ok()) return size.status();
  const absl::StatusOr<uint64_t> after = ReadNumberPageToken(request.page_token());
  if (!after.ok()) return after.status();
  return ConnectionsPage{*after, *size};
}

v1::ListConnectionsResponse ToResponse(const std::vector<ingest::ConnectionRow>& rows, const ConnectionsPage& page) {
  v1::ListConnectionsResponse response;
  size_t bytes = 0;
  size_t shown = 0;
  for (; shown < std::min(rows.size(), page.size); ++shown) {
    v1::Connection connection = ToConnection(rows[shown]);
    bytes += EncodedSize(connection);
    if (shown > 0 && bytes > kMaxPageBytes) break;
    *response.add_connections() = std::move(connection);
  }
  if (rows.size() > shown) response.set_next_page_token(MakeNumberPageToken(rows[shown - 1].id));
  return response;
}

absl::StatusOr<CloseOrder> ReadCloseOrder(const v1::CloseConnectionRequest& request) {
  if (request.connection() == 0) {
    return FieldInvalid("connection", "connection is missing: ListConnections tells the ids of those that are open");
  }
  const uint32_t code = request.code() == 0 ? kNormalCode : request.code();
  if (!MayBeSent(code)) {
    return FieldInvalid("code", Concat({"code ", std::to_string(code),
                                        " is none that may be sent: 1000, 1001, 1003, 1007 to 1014, or 3000 to 4999"}));
  }
  if (request.reason().size() > kMostReasonBytes) {
    return FieldInvalid("reason", "reason has more than 123 bytes, which is all that a close frame can carry");
  }
  if (!ingest::IsUtf8(request.reason())) return FieldInvalid("reason", "reason is not UTF-8");
  return CloseOrder{request.connection(), static_cast<uint16_t>(code), request.reason()};
}

absl::StatusOr<ingest::SendTarget> ReadSendTarget(const v1::SendRequest& request, const ingest::StreamSpec& spec) {
  if (absl::Status status = CheckText(request.text()); !status.ok()) return status;
  const auto* const server = std::get_if<ingest::ServerRole>(&spec.role);
  if (server == nullptr) {
    if (request.target_case() == v1::SendRequest::TARGET_NOT_SET) return ingest::SendTarget{};
    return FieldInvalid("target", "this stream dials and has one connection at most: name no target");
  }
  switch (request.target_case()) {
    case v1::SendRequest::kConnection:
      return ingest::SendTarget{request.connection(), {}};
    case v1::SendRequest::kVariables:
      return ReadVariables(request.variables(), server->path);
    case v1::SendRequest::kAll:
      if (request.all()) return ingest::SendTarget{};
      return FieldInvalid("all", "all: only true means something; or name connection or variables");
    case v1::SendRequest::TARGET_NOT_SET:
      break;
  }
  return FieldInvalid("target", "nothing says to whom: name connection or variables, or set all to true");
}

}  // namespace inlet::rpc
