// What settings may say, whichever way they came.
#include "service/config/settings_check.h"

#include <algorithm>
#include <array>

#include "google/protobuf/util/time_util.h"
#include "ingest/error.h"
#include "ingest/stream_spec.h"
#include "ingest/text.h"
#include "service/config/redact.h"
#include "service/config/scalars.h"
#include "service/config/settings_reader.h"

namespace inlet::config {
namespace {

using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using v1::SourceSettings;

// A setting that this version cannot obey.
struct NotBuilt {
  int field;
  // What holds for now, as the end of the sentence "X is not built yet; ...".
  std::string_view instead;
};

// A later version that builds a setting takes its row out. addr and compression have harmless values: see IsHarmless().
constexpr std::string_view kLeaveOut = "leave it out";
constexpr std::string_view kClientRole =
    "Inlet does not dial remote servers for now: leave it out, and let peers connect to the stream's path";
constexpr std::array kNotBuilt = {
    NotBuilt{SourceSettings::kPingIntervalFieldNumber, "pings are sent every 20s for now: leave it out"},
    NotBuilt{SourceSettings::kIdleTimeoutFieldNumber, "silent connections are closed after 60s for now: leave it out"},
    NotBuilt{SourceSettings::kSubprotocolsFieldNumber, kLeaveOut},
    NotBuilt{SourceSettings::kIgnoreFieldNumber, kLeaveOut},
    NotBuilt{SourceSettings::kRecordTimeoutFieldNumber, kLeaveOut},
    NotBuilt{SourceSettings::kReconnectWhenStalledFieldNumber, kLeaveOut},
    NotBuilt{SourceSettings::kCompressionFieldNumber, "only false is accepted for now"},
    NotBuilt{
        SourceSettings::kAddrFieldNumber,
        "the client role is to come, and Inlet does not dial remote servers for now: leave addr empty, and let peers "
        "connect to the stream's path"},
    NotBuilt{SourceSettings::kRequestHeaderFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kHandshakeTimeoutFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kBackoffInitialFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kBackoffMaxFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kOpenMessagesFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kHeartbeatMessageFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kHeartbeatIntervalFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kProxyUrlFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kInsecureSkipVerifyFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kServerNameFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kTlsMinVersionFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kRootCaPathFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kCertificationPathFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kPrivateKeyPathFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kRootCaRawFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kCertificationRawFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kPrivateKeyRawFieldNumber, kClientRole},
    NotBuilt{SourceSettings::kBearerTokensFieldNumber, "any peer may connect for now: leave it out"},
    NotBuilt{SourceSettings::kAllowedOriginsFieldNumber, "any origin may connect for now: leave it out"},
    NotBuilt{SourceSettings::kMaxConnectionsFieldNumber,
             "source.maxConnections of the configuration bounds all streams together: leave it out"},
};

// A value of a setting that is not built yet which says what holds anyway.
bool IsHarmless(const SourceSettings& settings, int field) {
  if (field == SourceSettings::kAddrFieldNumber) return settings.addr().empty();
  if (field == SourceSettings::kCompressionFieldNumber) return !settings.compression();
  return false;
}

std::string DurationProblem(const Duration& duration) {
  constexpr int32_t kBillion = 1'000'000'000;
  if (duration.nanos() <= -kBillion || duration.nanos() >= kBillion) return "is no valid duration";
  if (duration.seconds() < 0 || duration.nanos() < 0) return "must not be negative";
  if (duration.seconds() >= kLongestDuration.count()) return "must be shorter than ten years";
  return {};
}

// A proxy's URL may hold the placeholder inside.
bool IsPlaceholder(std::string_view text, const FieldDescriptor& field) {
  const bool may_be_inside = field.number() == SourceSettings::kProxyUrlFieldNumber;
  return may_be_inside ? text.find(kRedacted) != std::string_view::npos : text == kRedacted;
}

bool HasPlaceholder(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return false;
  if (!field.is_repeated()) return IsPlaceholder(reflection.GetString(message, &field), field);
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    if (IsPlaceholder(reflection.GetRepeatedString(message, &field, i), field)) return true;
  }
  return false;
}

bool HasPlaceholder(const SourceSettings& settings, const FieldDescriptor& field) {
  if (!field.is_map()) return HasPlaceholder(static_cast<const Message&>(settings), field);
  const auto& headers = settings.request_header();
  return std::any_of(headers.begin(), headers.end(), [](const auto& header) { return header.second == kRedacted; });
}

std::string MaxMessageBytesProblem(uint32_t bytes) {
  const bool is_in_range = bytes >= 1 && bytes <= ingest::kLargestMaxMessageBytes;
  return is_in_range ? std::string() : Concat({"must be from 1 to 3145728 (3 MiB), found ", std::to_string(bytes)});
}

std::string SchemeProblem(std::string_view scheme) {
  return scheme == "ws" || scheme == "wss" ? std::string() : "must be ws or wss";
}

}  // namespace

std::string FieldProblem(const SourceSettings& settings, const FieldDescriptor& field) {
  if (HasPlaceholder(settings, field)) {
    return Concat({kRedacted, " stands for a secret that was hidden, and there is none to keep here: write the value"});
  }
  if (field.number() == SourceSettings::kMaxMessageBytesFieldNumber) {
    return MaxMessageBytesProblem(settings.max_message_bytes());
  }
  if (field.number() == SourceSettings::kSchemeFieldNumber) return SchemeProblem(settings.scheme());
  const bool is_duration = field.message_type() == Duration::descriptor();
  if (!is_duration) return {};
  return DurationProblem(dynamic_cast<const Duration&>(SourceSettings::GetReflection()->GetMessage(settings, &field)));
}

absl::Status CheckValues(const SourceSettings& settings, std::string_view where) {
  for (const FieldDescriptor* field : FieldsSet(settings)) {
    const std::string problem = FieldProblem(settings, *field);
    if (problem.empty()) continue;
    const std::string path = Concat({where, ".", field->json_name()});
    return FieldInvalid(path, Concat({path, ": ", problem}));
  }
  return absl::OkStatus();
}

absl::Status CheckSupported(const SourceSettings& settings, std::string_view where) {
  const auto& unknown = SourceSettings::GetReflection()->GetUnknownFields(settings);
  if (!unknown.empty()) {
    const std::string number = std::to_string(unknown.field(0).number());
    return NotImplemented(where, Concat({where, ": this version does not know the setting with field number ", number,
                                         "; update Inlet, or leave it out"}));
  }
  for (const FieldDescriptor* field : FieldsSet(settings)) {
    const auto* const row = std::find_if(kNotBuilt.begin(), kNotBuilt.end(), [field](const NotBuilt& candidate) {
      return candidate.field == field->number();
    });
    if (row == kNotBuilt.end() || IsHarmless(settings, field->number())) continue;
    const std::string path = Concat({where, ".", field->json_name()});
    return NotImplemented(path, Concat({path, " is not built yet; ", row->instead}));
  }
  return absl::OkStatus();
}

}  // namespace inlet::config
