// A stream as the registry knows it: its etag, and what is kept of it.
#include "service/stream_entry.h"

#include <array>
#include <charconv>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/input_fields.h"
#include "service/definition_diff.h"

namespace inlet::service {
namespace {

std::string Hex(uint64_t number) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  return {digits.data(), end};
}

}  // namespace

std::string EtagOf(const StreamEntry& entry) {
  if (!entry.stream) return {};
  return Concat({Hex(static_cast<uint64_t>(entry.create_time.time_since_epoch().count())), "-", Hex(entry.revision)});
}

absl::Status CheckEtag(const StreamEntry& entry, std::string_view etag) {
  const std::string present = EtagOf(entry);
  if (etag.empty() || etag == present) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted,
                   Concat({"stream \"", entry.definition.name(),
                           "\" has been changed by somebody else since that etag was read: get it, and decide again"}),
                   {"ETAG_MISMATCH", {{"etag", present}}, "", {}});
}

absl::Status CheckChangeable(const StreamEntry& entry) {
  if (entry.file_place.empty()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   Concat({"stream \"", entry.definition.name(), "\" is defined in ", entry.file_place,
                           ": change it there, and restart the service"}),
                   {"STREAM_READ_ONLY", {}, "", {}});
}

bool LacksSecrets(const StreamEntry& entry) {
  const ingest::SourceState state = entry.stream->log()->state().state;
  return !entry.secrets && (state == ingest::SourceState::kFailed || state == ingest::SourceState::kPaused);
}

bool LacksRole(const StreamEntry& entry) {
  return entry.file_place.empty() && entry.definition.role() == v1::Stream::ROLE_UNSPECIFIED;
}

StoredStream ToStored(const StreamEntry& entry) {
  StoredStream stored;
  stored.definition = config::InputFieldsOf(entry.definition.Unpack());
  stored.definition.set_sql(entry.definition.sql());
  stored.definition.set_role(entry.definition.role());
  stored.create_time = entry.create_time;
  stored.update_time = entry.update_time;
  stored.revision = entry.revision;
  stored.paused = entry.paused;
  stored.pause_time = entry.pause_time;
  return stored;
}

}  // namespace inlet::service
