// The open connections of one stream, and what each has brought.
#ifndef INLET_INGEST_CONNECTION_BOOK_H_
#define INLET_INGEST_CONNECTION_BOOK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "ingest/connection_facts.h"
#include "ingest/loop.h"
#include "ingest/origin.h"

namespace inlet::ingest {

struct OpenConnection {
  std::string origin_field;  // as EncodeOriginField
  std::string tls_version;   // empty: plain
  std::string subprotocol;
  WallTime connect_time;
  WallTime last_message_time{};  // 1970: there was none
  // Since it was opened.
  uint64_t messages = 0;
  uint64_t bytes = 0;  // of the messages
  uint64_t rejects = 0;
};

// A copy, for other threads.
struct ConnectionRow {
  uint64_t id = 0;
  OpenConnection connection;
};

// Loop thread only.
class ConnectionBook {
 public:
  void Open(const ConnectionFacts& facts, WallTime now);
  void Close(uint64_t id);

  // Null: it is not open. Valid until it closes. Cheap for the connection that was looked for last.
  OpenConnection* Find(uint64_t id);

  // The first `limit` behind `id`, ordered by id.
  std::vector<ConnectionRow> ListAfter(uint64_t id, size_t limit) const;
  // The ids of those whose path variables have all of these values, in order; all, if none is wanted.
  std::vector<uint64_t> WithVariables(const WantedVariables& wanted) const;

  size_t size() const { return open_.size(); }

 private:
  absl::btree_map<uint64_t, std::unique_ptr<OpenConnection>> open_;
  // What Find returned last.
  uint64_t last_id_ = 0;  // no connection has this one
  OpenConnection* last_ = nullptr;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_CONNECTION_BOOK_H_
