// Connections as people read them.
#include "cli/connection_text.h"

#include <algorithm>
#include <map>

#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/time_text.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

std::string VariablesText(const v1::Origin& origin) {
  const std::map<std::string, std::string> sorted(origin.variables().begin(), origin.variables().end());
  std::string text;
  for (const auto& [name, value] : sorted) text += Concat({text.empty() ? "" : " ", name, "=", value});
  return text;
}

Row ConnectionRow(const v1::Connection& connection, std::chrono::system_clock::time_point now) {
  const v1::Origin& origin = connection.origin();
  Row row = {std::to_string(connection.id()),
             origin.peer(),
             origin.path(),
             VariablesText(origin),
             origin.certificate_subject(),
             connection.tls_version(),
             connection.subprotocol(),
             connection.has_connect_time() ? Ago(connection.connect_time(), now) : "",
             connection.has_last_message_time() ? Ago(connection.last_message_time(), now) : "",
             std::to_string(connection.messages()),
             std::to_string(connection.bytes()),
             std::to_string(connection.rejects())};
  for (std::string& cell : row) cell = Harmless(cell);
  return row;
}

void DropColumn(std::vector<Row>& rows, size_t column) {
  for (Row& row : rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(column));
}

void DropEmptyColumns(std::vector<Row>& rows) {
  for (size_t column = rows.front().size(); column-- > 0;) {
    const bool is_empty =
        std::all_of(rows.begin() + 1, rows.end(), [column](const Row& row) { return row[column].empty(); });
    if (is_empty) DropColumn(rows, column);
  }
}

}  // namespace

std::string ConnectionsText(const std::vector<v1::Connection>& connections, std::chrono::system_clock::time_point now) {
  std::vector<Row> rows = {{"ID", "PEER", "PATH", "VARIABLES", "CERTIFICATE", "TLS", "SUBPROTOCOL", "CONNECTED",
                            "LAST MESSAGE", "MESSAGES", "BYTES", "REJECTS"}};
  for (const v1::Connection& connection : connections) rows.push_back(ConnectionRow(connection, now));
  DropEmptyColumns(rows);
  const size_t columns = rows.front().size();
  return FormatTable(rows, {0, columns - 3, columns - 2, columns - 1});
}

}  // namespace inlet::cli
