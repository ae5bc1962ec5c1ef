// What --help says.
#include "cli/help.h"

namespace inlet::cli {
namespace {

constexpr std::string_view kMain = R"(inletctl: makes streams on an Inlet service and reads their records.

Usage: inletctl VERB [OPTIONS]     verbs in any case, options anywhere

Verbs:
  create       make a stream, from a CREATE STREAM statement or from a name and a path
  list         all streams, or some: what they do, where to connect, how much came in
  show         one stream in full
  subscribe    the records of a stream as they come, one line of JSON each
  watch        a line for each change of a stream, or of all
  update       change a stream while it runs
  drop         remove streams, with all that they kept
  pause        close the source of streams; their records and readers stay
  resume       open it again
  reconnect    close all connections of streams, and dial again at once
  connections  who is connected to a stream
  close        end one connection
  send         a text message to the remote server, or to connected peers
  check        why a connection fails, stage by stage, and what to change
  conf-keys    the named settings that streams build on
  conf-key     get, put or delete one of them
  export       the definitions of streams and conf keys, as YAML
  apply        make and change streams and conf keys until they are as files say
  completion   print a script that teaches bash to complete verbs, options and streams
  version      print the version
  VERB --help  all options of a verb, with examples

Options of every verb:
  --address HOST:PORT  of the service's gRPC port (default localhost:50051)
  --timeout DURATION   how long to wait for an answer (default 10s)
  -h, --help

Examples:
  inletctl create 'CREATE STREAM demo () WITH (DATASOURCE="/api/data", FORMAT="json", TYPE="websocket")'
  inletctl CREATE STREAM demo'() with(format="json", datasource="/api/data", type="websocket")'
  inletctl subscribe demo
  inletctl subscribe demo --from -1h --until-now > last-hour.jsonl
  inletctl list
  inletctl check wss://feed.example.com/ws
  inletctl drop demo

Environment:
  INLET_ADDRESS  the address, where --address is not given
  NO_COLOR       no colours, if it is set; there are none anyway where the output is no terminal

Exit codes:
  0 done   1 the service answered with an error, or not at all; check: not reachable   2 the command line is wrong
  3 apply --dry-run --exit-code: something would change
  130, 143 ended by SIGINT, SIGTERM
)";

constexpr std::string_view kCreate = R"(Examples:
  inletctl create 'CREATE STREAM demo () WITH (DATASOURCE="/api/data", FORMAT="json", TYPE="websocket")'
  inletctl CREATE STREAM demo'() with(format="json", datasource="/api/data", type="websocket")'
  inletctl create --name demo --datasource /api/data
  inletctl create --allow-existing --file demo.sql   at every start of a service
  inletctl create --validate-only --file -           checks a statement from standard input)";

constexpr std::string_view kList = R"(Examples:
  inletctl list
  inletctl list --json | jq '.streams[] | select(.status.connections == 0) | .name'
  inletctl list --state failed,backoff
  inletctl list --label site=berlin --label line=3
  inletctl list --names | xargs -r inletctl drop)";

constexpr std::string_view kShow = R"(Examples:
  inletctl show demo
  inletctl show demo --json | jq .status.records
  inletctl describe stream demo                      the same as show demo; so is get)";

constexpr std::string_view kDrop = R"help(Examples:
  inletctl drop demo
  inletctl DROP STREAM demo
  inletctl drop --missing-ok one two three
  inletctl drop demo --etag "$(inletctl show demo --json | jq -r .etag)")help";

constexpr std::string_view kUpdate = R"help(Fields:
  settings.pingInterval=5s   names as in JSON, or as in the contract (settings.ping_interval)
  retention.maxBytes=64MiB   values as in YAML files: 500ms, 2m, 64KiB, true
  labels.site=berlin         one label; the others stay. labels={a: b} replaces all
  schema={columns: [{name: id, type: BIGINT}]}   YAML or JSON where a value has parts

Retention, schema, labels, description and recordOrigin leave the connections alone. Other changes make a stream that dials connect
anew; where peers connect, only a new path closes connections, and all else holds for those that come then.

Examples:
  inletctl update demo --set retention.maxAge=1h --set labels.site=berlin
  inletctl update btc --set settings.pingInterval=5s --dry-run
  inletctl update btc --set 'settings.requestHeader.Authorization=Bearer ${env:INLET_SECRET_TOKEN}'
  inletctl update demo --clear description --clear labels.site
  inletctl update demo --allow-missing --from-file demo.yaml
  inletctl update demo --set description=ours --etag "$(inletctl show demo --json | jq -r .etag)")help";

constexpr std::string_view kConfKeys = R"(Examples:
  inletctl conf-keys
  inletctl conf-keys --json | jq -r '.confKeys[] | select(.layer == "API") | .name')";

constexpr std::string_view kConfKey =
    R"(put changes the settings that are named and leaves the others; with --replace, and from a file, what is not named is unset.
The streams that use the key take the new settings one after the other; put names those that reconnect.

Examples:
  inletctl conf-key get exchange
  inletctl conf-key put exchange addr=feed.example.com:443 scheme=wss
  inletctl conf-key put exchange pingInterval=5s --dry-run
  inletctl conf-key put exchange 'requestHeader.Authorization=Bearer ${env:INLET_SECRET_TOKEN}'
  inletctl conf-key put exchange --from-file exchange.yaml
  inletctl conf-key delete exchange)";

constexpr std::string_view kExport =
    R"(Secrets are not in it: they read <redacted>, and a warning says where. apply keeps a secret where it finds <redacted>.
Without names, all streams and all conf keys that were put by calls.

Examples:
  inletctl export > streams.yaml
  inletctl export demo btc -o some.yaml)";

constexpr std::string_view kApply =
    R"(Files hold streams: a list of definitions, or of statements (sql: CREATE STREAM ...), and confKeys: settings by name:

  confKeys:
    exchange: {addr: feed.example.com:443, scheme: wss}
  streams:
    - name: btc
      datasource: /ws?symbol=btc
      confKey: exchange
    - sql: CREATE STREAM demo () WITH (DATASOURCE="/api/data")

A definition says all: what it leaves out is unset. All is checked before anything is changed; then conf keys come before
streams. Each is a line: + created, ~ changed, - removed, = as it should be. To do it again changes nothing.

Examples:
  inletctl apply -f streams.yaml --dry-run
  inletctl apply -f conf.yaml -f streams/
  inletctl apply -f streams/ --dry-run --exit-code   in CI: 3 if the service differs
  inletctl apply -f streams/ --prune owner=git       and remove what has this label and is in no file)";

constexpr std::string_view kPause =
    R"(Messages that come meanwhile are lost: the log gets a gap when the stream is resumed. It stays paused across a restart.

Examples:
  inletctl pause demo
  inletctl list --names --label site=berlin | xargs -r inletctl pause)";

constexpr std::string_view kResume = R"(Examples:
  inletctl resume demo
  inletctl list --names --state paused | xargs -r inletctl resume)";

constexpr std::string_view kReconnect = R"(Secrets and certificates are read again.

Examples:
  inletctl reconnect demo)";

constexpr std::string_view kConnections = R"(Examples:
  inletctl connections demo
  inletctl connections demo --json | jq '.connections[] | select(.rejects != "0") | .origin.peer')";

constexpr std::string_view kClose = R"(Examples:
  inletctl close demo 17
  inletctl close demo 17 --code 1008 --reason 'not today')";

constexpr std::string_view kSend =
    R"(A stream that dials has one connection. Of a stream that peers connect to, say to whom: --to, --where or --all.
From standard input one line end is taken off.

Examples:
  inletctl send btc '{"op": "subscribe", "channel": "trades"}'
  inletctl send cars '{"stop": true}' --where id=7
  inletctl send cars hello --to 17
  inletctl send cars - --all < message.json)";

constexpr std::string_view kSubscribe = R"(Positions:
  latest          the next record to come (the default)
  earliest        the oldest record kept
  -10             the newest 10 records
  -1h             what came in the last hour (500ms, 90s, 5m, 1h30m, 7d)
  2026-01-31T12:00:00Z, 2026-01-31 (its start in UTC)
  EPOCH:OFFSET    this record; the epoch names the log, --output full and an interruption show both
  OFFSET          this record of the current epoch

A lost connection is resumed by itself behind the last record: no record is printed twice, and what cannot be had any more
is told on standard error. Ctrl-C says where to go on.

Examples:
  inletctl subscribe demo
  inletctl subscribe demo --from -10 --until-now
  inletctl subscribe demo --from earliest --max 1 --output full
  inletctl subscribe demo --rejects --from earliest
  inletctl subscribe demo --quiet | jq -c 'select(.price > 100)')";

constexpr std::string_view kWatch = R"(Examples:
  inletctl watch demo
  inletctl watch --json | jq -c 'select(.status.state == "BACKOFF") | .name')";

constexpr std::string_view kCheck = R"(What is checked:
  URL             ws:// or wss://, or a path that peers would connect to
  STATEMENT       a CREATE STREAM statement, before it is used
  --stream NAME   a stream that exists, with its secrets; it goes on as it was
  --conf-key KEY  settings by name, with a path and query, or a URL, as --datasource

Exit code 0: reachable. 1: not reachable, and the last line says what to change.

Examples:
  inletctl check wss://feed.example.com/ws
  inletctl check --stream btc --wait-for-message 5s
  inletctl check --conf-key exchange --datasource '/ws?symbol=btc'
  inletctl check 'CREATE STREAM demo () WITH (DATASOURCE="/api/data", CONF_KEY="exchange")'
  inletctl check --json wss://feed.example.com/ws | jq -r .hint)";

constexpr std::string_view kCompletion = R"(Examples:
  source <(inletctl completion bash)                 for this shell
  inletctl completion bash > ~/.local/share/bash-completion/completions/inletctl)";

}  // namespace

std::string_view MainHelp() { return kMain; }

std::string_view Examples(std::string_view verb) {
  if (verb == "create") return kCreate;
  if (verb == "list") return kList;
  if (verb == "show") return kShow;
  if (verb == "drop") return kDrop;
  if (verb == "update") return kUpdate;
  if (verb == "conf-keys") return kConfKeys;
  if (verb == "conf-key") return kConfKey;
  if (verb == "export") return kExport;
  if (verb == "apply") return kApply;
  if (verb == "pause") return kPause;
  if (verb == "resume") return kResume;
  if (verb == "reconnect") return kReconnect;
  if (verb == "connections") return kConnections;
  if (verb == "close") return kClose;
  if (verb == "send") return kSend;
  if (verb == "subscribe") return kSubscribe;
  if (verb == "watch") return kWatch;
  if (verb == "check") return kCheck;
  if (verb == "completion") return kCompletion;
  return "";
}

}  // namespace inlet::cli
