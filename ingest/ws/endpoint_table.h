// Which streams listen on which path.
#ifndef INLET_INGEST_WS_ENDPOINT_TABLE_H_
#define INLET_INGEST_WS_ENDPOINT_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "ingest/source.h"
#include "ingest/stream_spec.h"

namespace inlet::ws {

class Session;

// What streams that share a path must agree on, since it holds for the path's connections.
struct EndpointSettings {
  uint32_t max_message_bytes = 0;
  ingest::ConnectionSettings connection;
  ingest::ServerRole role;  // of which the path is not compared
};

// A path, who takes its messages, and its connections.
struct Endpoint {
  struct Listening {
    ingest::SourceSink* sink;
    std::string stream;
    std::string path;  // as this stream wrote it: names of variables may differ
  };

  std::string path;                                  // as its first stream wrote it
  std::shared_ptr<const EndpointSettings> settings;  // for handshakes; a connection keeps those that it began with
  std::vector<Listening> listening;                  // hardly ever more than one; never empty
  absl::btree_map<uint64_t, Session*> sessions;      // open ones, by their id
};

// Two paths are the same if their segments are; all variables are alike, so /a/{x} is /a/{y}. Loop thread only.
class EndpointTable {
 public:
  struct Holder;

  // Adds `sink` to the endpoint of the stream's path, which is made if there is none. The pointer is valid until the
  // last sink has left. FailedPrecondition (ENDPOINT_CONFLICT): another stream on the path has other settings; the
  // message names the first that differs, and both streams.
  absl::StatusOr<Endpoint*> Join(const ingest::StreamSpec& spec, ingest::SourceSink& sink);

  // As Join, also for a sink that listens somewhere; its settings become those of the endpoint without a look at
  // others: CheckChanges has judged them. The path begins with "/".
  Endpoint* Take(const ingest::StreamSpec& spec, ingest::SourceSink& sink);

  // As SourceFactory::CheckChanges; only specs of the server role count.
  absl::Status CheckChanges(const std::vector<std::shared_ptr<const ingest::StreamSpec>>& specs) const;

  // Frees the endpoint with its last sink; it must have no sessions then.
  void Leave(Endpoint& endpoint, const ingest::SourceSink& sink);

  // `path`: of a request, without the query. In each segment from the left, a literal beats a variable. Null: no stream
  // listens there.
  Endpoint* Match(std::string_view path) const;

  // Of endpoints.
  size_t size() const { return size_; }

 private:
  // libwebsockets shows a + in the path of a request as a space, unless it is the first of its segment.
  struct SegmentLess {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const;
  };
  // One segment of the paths, and what may follow it.
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, SegmentLess> literals;
    std::unique_ptr<Node> variable;
    std::unique_ptr<Endpoint> endpoint;
    bool empty() const { return literals.empty() && !variable && !endpoint; }
  };

  static Endpoint* Find(const Node& node, std::string_view rest);
  // The endpoint of exactly that path; null if there is none.
  static const Endpoint* FindExactly(const Node& node, std::string_view path);
  // Whether those on the path that do not change agree with `wanted`.
  absl::Status CheckOthers(const std::set<std::string_view>& changing, const Holder& wanted) const;
  static Node& FindOrAdd(Node& node, std::string_view rest);
  static void Remove(Node& node, std::string_view rest);

  Node root_;
  size_t size_ = 0;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_ENDPOINT_TABLE_H_
