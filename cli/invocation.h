// What the user asked for, as plain data.
#ifndef INLET_CLI_INVOCATION_H_
#define INLET_CLI_INVOCATION_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "cli/from_position.h"
#include "cli/stream_changes.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::cli {

// KEY=VALUE, each key once.
using Pairs = std::map<std::string, std::string>;

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
  std::vector<v1::StreamStatus::State> states;  // none: any
  Pairs labels;
  bool json = false;
  bool names = false;
};

struct ShowCommand {
  std::string name;
  bool json = false;
};

struct DropCommand {
  std::vector<std::string> names;
  std::string etag;  // not empty: there is one name
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

// Pause, resume and reconnect.
struct SourceCommand {
  enum class Action { kPause, kResume, kReconnect };
  Action action = Action::kPause;
  std::vector<std::string> names;
};

struct ConnectionsCommand {
  std::string stream;
  bool json = false;
};

struct CloseCommand {
  std::string stream;
  uint64_t connection = 0;
  uint32_t code = 0;  // 0: what the service takes
  std::string reason;
};

struct SendCommand {
  std::string stream;
  std::string text;  // "-": standard input
  // At most one of the three.
  uint64_t connection = 0;
  Pairs variables;
  bool all = false;
};

struct UpdateCommand {
  std::string name;
  StreamChanges changes;
  std::string file;  // with more changes; "-": standard input
  std::string etag;
  bool allow_missing = false;
  bool dry_run = false;
  bool json = false;
};

struct ConfKeysCommand {
  bool json = false;
  bool names = false;
};

struct ConfKeyCommand {
  enum class Action { kGet, kPut, kDelete };
  Action action = Action::kGet;
  std::string name;
  // Put: assignments change the settings that are there, unless `replace`; a file holds all of them.
  StreamChanges changes{"settings"};
  std::string file;
  bool replace = false;
  bool dry_run = false;
  std::string etag;
  bool json = false;
};

struct ExportCommand {
  std::vector<std::string> names;  // none: all
  std::string file;                // empty: standard output
};

struct ApplyCommand {
  std::vector<std::string> files;  // and folders; "-": standard input
  bool dry_run = false;
  bool exit_code = false;
  Pairs prune;  // labels; none: nothing is removed
};

struct CompletionCommand {};
struct VersionCommand {};

using Command =
    std::variant<CreateCommand, ListCommand, ShowCommand, DropCommand, SubscribeCommand, WatchCommand, CheckCommand,
                 SourceCommand, ConnectionsCommand, CloseCommand, SendCommand, UpdateCommand, ConfKeysCommand,
                 ConfKeyCommand, ExportCommand, ApplyCommand, CompletionCommand, VersionCommand>;

struct Invocation {
  std::string address;
  // Of one call; of a subscription, of connecting.
  std::chrono::milliseconds timeout{};
  Command command;
};

}  // namespace inlet::cli

#endif  // INLET_CLI_INVOCATION_H_
