// What the user asked for, as plain data.
#ifndef INLET_CLI_INVOCATION_H_
#define INLET_CLI_INVOCATION_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cli/from_position.h"

namespace inlet::cli {

struct CreateCommand {
  // A statement, a file that holds one ("-": standard input), or fields: exactly one of the three.
  std::string statement;
  std::string file;
  std::string name;
  std::string datasource;
  std::string conf_key;
  bool validate_only = false;
  bool allow_existing = false;
  bool json = false;
};

struct ListCommand {
  bool json = false;
  bool names = false;
};

struct ShowCommand {
  std::string name;
  bool json = false;
};

struct DropCommand {
  std::vector<std::string> names;
  bool missing_ok = false;
};

struct SubscribeCommand {
  enum class View { kJson, kData };
  enum class Output { kJson, kFull };
  std::string name;
  FromPosition from;
  View view = View::kJson;
  Output output = Output::kJson;
  uint32_t max_records = 0;  // 0: no end
  bool until_now = false;
  bool rejects = false;  // what could not become a record, instead of records
  bool quiet = false;
};

struct WatchCommand {
  std::string name;  // empty: all streams
  bool json = false;
};

struct CheckCommand {
  // Exactly one of stream, sql, and datasource and conf_key (of which one may be empty).
  std::string stream;
  std::string sql;
  std::string datasource;
  std::string conf_key;
  std::chrono::milliseconds wait_for_message{0};  // 0: do not
  bool json = false;
};

struct CompletionCommand {};
struct VersionCommand {};

using Command = std::variant<CreateCommand, ListCommand, ShowCommand, DropCommand, SubscribeCommand, WatchCommand,
                             CheckCommand, CompletionCommand, VersionCommand>;

struct Invocation {
  std::string address;
  // Of one call; of a subscription, of connecting.
  std::chrono::milliseconds timeout{};
  Command command;
};

}  // namespace inlet::cli

#endif  // INLET_CLI_INVOCATION_H_
