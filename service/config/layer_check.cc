// Finds what a layer of settings says against itself, and what is no PEM where PEM must be.
#include "service/config/layer_check.h"

#include <algorithm>
#include <array>

#include "google/protobuf/util/time_util.h"
#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/names.h"
#include "service/config/pem_text.h"

namespace inlet::config {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::util::TimeUtil;
using v1::SourceSettings;

// Two ways to say the same.
struct Pair {
  int one;
  int other;
};

constexpr std::array kPairs = {
    Pair{SourceSettings::kRootCaRawFieldNumber, SourceSettings::kRootCaPathFieldNumber},
    Pair{SourceSettings::kCertificationRawFieldNumber, SourceSettings::kCertificationPathFieldNumber},
    Pair{SourceSettings::kPrivateKeyRawFieldNumber, SourceSettings::kPrivateKeyPathFieldNumber},
};

const FieldDescriptor* Field(int number) { return SourceSettings::descriptor()->FindFieldByNumber(number); }

std::string Text(const SourceSettings& layer, int number) {
  return SourceSettings::GetReflection()->GetString(layer, Field(number));
}

bool IsText(const SourceSettings& layer, int number) { return !Text(layer, number).empty(); }

bool HasSubprotocolHeader(const SourceSettings& layer) {
  const auto& headers = layer.request_header();
  return std::any_of(headers.begin(), headers.end(),
                     [](const auto& header) { return EqualIgnoringCase(header.first, "Sec-WebSocket-Protocol"); });
}

bool BackoffShrinks(const SourceSettings& layer) {
  const bool both = layer.has_backoff_initial() && layer.has_backoff_max();
  return both && TimeUtil::DurationToMilliseconds(layer.backoff_initial()) >
                     TimeUtil::DurationToMilliseconds(layer.backoff_max());
}

}  // namespace

std::optional<Contradiction> FindContradiction(const SourceSettings& layer) {
  for (const Pair& pair : kPairs) {
    if (!IsText(layer, pair.one) || !IsText(layer, pair.other)) continue;
    return Contradiction{Field(pair.one),
                         Concat({"and ", Field(pair.other)->json_name(), " say the same thing twice: leave one out"})};
  }
  if (HasSubprotocolHeader(layer) && layer.subprotocols_size() > 0) {
    return Contradiction{Field(SourceSettings::kSubprotocolsFieldNumber),
                         "and requestHeader with its Sec-WebSocket-Protocol say the same thing twice: leave one out"};
  }
  for (const Pair& pair : kPairs) {
    if (!IsText(layer, pair.one) || PemText(Text(layer, pair.one))) continue;
    return Contradiction{Field(pair.one), std::string(kNoPem), "TLS_MATERIAL_INVALID"};
  }
  if (BackoffShrinks(layer)) {
    return Contradiction{Field(SourceSettings::kBackoffInitialFieldNumber), "must not be longer than backoffMax"};
  }
  return std::nullopt;
}

absl::Status CheckLayer(const SourceSettings& layer, std::string_view where) {
  const auto found = FindContradiction(layer);
  if (!found) return absl::OkStatus();
  const std::string path = Concat({where, ".", found->field->json_name()});
  return MakeError(absl::StatusCode::kInvalidArgument, Concat({path, ": ", found->problem}),
                   {found->reason, {{"field", path}}, path, {}});
}

absl::Status CheckSection(const SourceSettings& layer, std::string_view file, const Member& section) {
  const auto found = FindContradiction(layer);
  if (!found) return absl::OkStatus();
  const FieldDescriptor& field = *found->field;
  const auto& members = section.value.members;
  const auto member = std::find_if(members.begin(), members.end(), [&field](const Member& one) {
    return one.key == field.json_name() || one.key == field.name();
  });
  const int line = member == members.end() ? section.line : member->line;
  return ValueError(Place(file, line), JoinPath(section.key, field.json_name()), found->problem);
}

}  // namespace inlet::config
