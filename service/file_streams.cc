// The streams that the operator's own files define: planned at the start, and never changed by a call.
#include "service/file_streams.h"

#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "ingest/error.h"
#include "ingest/log.h"
#include "ingest/text.h"

namespace inlet::service {
namespace {

absl::Status DefinedTwice(const std::string& name, const std::string& place, const std::string& first) {
  return FieldInvalid("stream.name", Concat({place, ": the stream \"", name, "\" is defined twice, first at ", first}));
}

}  // namespace

absl::StatusOr<std::vector<StoredStream>> PlanFileStreams(const std::vector<config::DefinedStream>& defined,
                                                          const PlanFunction& plan, ingest::WallTime now) {
  std::vector<StoredStream> streams;
  std::map<std::string, std::string> places;  // of names
  for (const config::DefinedStream& stream : defined) {
    absl::StatusOr<StreamPlan> planned = plan(stream.request);
    if (!planned.ok()) return AddContext(planned.status(), stream.place);
    const auto [first, is_new] = places.emplace(planned->definition.name(), stream.place);
    if (!is_new) return DefinedTwice(first->first, stream.place, first->second);
    StoredStream& stored = streams.emplace_back();
    stored.definition = std::move(planned->definition);
    stored.create_time = now;
    stored.update_time = now;
    stored.file_place = stream.place;
  }
  return streams;
}

void AddFileStreams(std::vector<StoredStream> of_files, std::vector<StoredStream>& kept) {
  std::map<std::string, StoredStream> by_name;
  for (StoredStream& stream : of_files) {
    std::string name = stream.definition.name();
    by_name.emplace(std::move(name), std::move(stream));
  }
  for (StoredStream& stream : kept) {
    std::string name = stream.definition.name();
    const auto [entry, is_new] = by_name.emplace(std::move(name), std::move(stream));
    if (is_new) continue;
    Log(LogLevel::kWarn, "stream_defined_twice",
        {{"stream", entry->first}, {"used", entry->second.file_place}, {"unused", "the one that was kept"}});
  }
  kept.clear();
  for (auto& [name, stream] : by_name) kept.push_back(std::move(stream));
}

}  // namespace inlet::service
