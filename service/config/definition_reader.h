// Reads definitions of streams and conf keys from YAML: what `inletctl export` writes and `inletctl apply` reads, and
// what the service takes from files of its own.
//
//   streams:
//     - name: btc                     # the keys of the contract's Stream, as in its JSON
//       datasource: wss://feed.example.com/ws
//       settings: {pingInterval: 5s}
//     - sql: CREATE STREAM demo () WITH (DATASOURCE="/api/data")
//   confKeys:
//     exchange: {addr: feed.example.com:443, scheme: wss}
#ifndef INLET_SERVICE_CONFIG_DEFINITION_READER_H_
#define INLET_SERVICE_CONFIG_DEFINITION_READER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "inlet/v1/inlet.pb.h"
#include "service/config/value.h"

namespace inlet::config {

// Of a text that holds definitions.
inline constexpr size_t kMaxDefinitionBytes = 16U << 20;

struct DefinedStream {
  // `sql`, or `stream` with a name. Values are checked as far as their types go; all else is for who creates it.
  v1::CreateStreamRequest request;
  std::string place;  // "streams.yaml:12"
};

struct DefinedConfKey {
  std::string name;
  v1::SourceSettings settings;
  std::string place;
};

// In the order of the text.
struct Definitions {
  std::vector<DefinedStream> streams;
  std::vector<DefinedConfKey> conf_keys;
};

// What a text may define.
enum class DefinitionKinds { kAll, kStreams };

// `source`: the text's name, which errors begin with. At most kMaxDefinitionBytes. An empty text defines nothing.
// INVALID_ARGUMENT (OPTION_UNKNOWN with the nearest key, FIELD_INVALID) with line, key and what to write instead: what
// is no YAML or of another type, unknown and duplicate keys, a stream without a name or with both `sql` and other keys,
// what only the service tells (status, etag), a name given twice. <redacted> is taken as any other text. Conf keys are
// read in any case: `kinds` says what errors name.
absl::StatusOr<Definitions> ReadDefinitions(std::string_view source, std::string_view text,
                                            DefinitionKinds kinds = DefinitionKinds::kAll);

// The same for somebody who mends a file: goes on behind a mistake, and returns what has none. `mistakes` gets one for
// each stream, conf key and section that is wrong, in the order of the text; a text that is no YAML has one.
Definitions ReadDefinitions(std::string_view source, std::string_view text, std::vector<absl::Status>& mistakes);

// The list alone. `key`: its path in the file, such as "streams".
absl::StatusOr<std::vector<DefinedStream>> ReadDefinedStreams(std::string_view source, std::string_view key,
                                                              const Value& list);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_DEFINITION_READER_H_
