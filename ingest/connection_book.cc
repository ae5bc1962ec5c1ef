// The open connections of one stream: opened, found, listed, closed.
#include "ingest/connection_book.h"

namespace inlet::ingest {

void ConnectionBook::Open(const ConnectionFacts& facts, WallTime now) {
  auto connection = std::make_unique<OpenConnection>();
  connection->origin_field = EncodeOriginField(facts);
  connection->tls_version = facts.tls_version;
  connection->subprotocol = facts.subprotocol;
  connection->connect_time = now;
  open_[facts.id] = std::move(connection);
  last_id_ = 0;
  last_ = nullptr;
}

void ConnectionBook::Close(uint64_t id) {
  open_.erase(id);
  last_id_ = 0;
  last_ = nullptr;
}

OpenConnection* ConnectionBook::Find(uint64_t id) {
  if (id == last_id_ && last_ != nullptr) return last_;
  const auto found = open_.find(id);
  last_id_ = id;
  last_ = found == open_.end() ? nullptr : found->second.get();
  return last_;
}

std::vector<ConnectionRow> ConnectionBook::ListAfter(uint64_t id, size_t limit) const {
  std::vector<ConnectionRow> rows;
  for (auto one = open_.upper_bound(id); one != open_.end() && rows.size() < limit; ++one) {
    rows.push_back({one->first, *one->second});
  }
  return rows;
}

std::vector<uint64_t> ConnectionBook::WithVariables(const WantedVariables& wanted) const {
  std::vector<uint64_t> ids;
  for (const auto& [id, connection] : open_) {
    if (HasVariables(OriginInside(connection->origin_field), wanted)) ids.push_back(id);
  }
  return ids;
}

}  // namespace inlet::ingest
