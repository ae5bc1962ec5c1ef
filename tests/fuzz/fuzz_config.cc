// Any configuration: nothing crashes or throws, an error has a place and is valid text, and redaction hides only
// secrets.
//
// An input is four texts with lines of %% between them: inlet.yaml, websocket.yaml, EXTRA, and NAME=value lines.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "google/protobuf/util/message_differencer.h"
#include "ingest/error.h"
#include "service/config/load.h"
#include "service/config/names.h"
#include "service/config/redact.h"
#include "service/config/settings_reader.h"

namespace {

using google::protobuf::util::MessageDifferencer;

constexpr char kInlet[] = "etc/inlet.yaml";
constexpr char kWebSocket[] = "etc/sources/websocket.yaml";

void Require(bool condition) {
  if (!condition) std::abort();
}

std::array<std::string, 4> Split(std::string_view input) {
  constexpr std::string_view kSeparator = "%%\n";
  std::array<std::string, 4> parts;
  for (std::string& part : parts) {
    const size_t end = &part == &parts.back() ? std::string_view::npos : input.find(kSeparator);
    part = input.substr(0, end);
    input = end == std::string_view::npos ? std::string_view() : input.substr(end + kSeparator.size());
  }
  return parts;
}

inlet::config::Environment ParseEnvironment(std::string_view text) {
  inlet::config::Environment environment;
  while (!text.empty()) {
    const std::string line(text.substr(0, text.find('\n')));
    const std::array<const char*, 2> entries = {line.c_str(), nullptr};
    for (auto& variable : inlet::config::ReadEnvironment(entries.data())) environment.push_back(std::move(variable));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return environment;
}

bool HasPlace(std::string_view message) {
  if (message.starts_with("environment variable")) return true;
  for (const std::string_view file : {std::string_view(kInlet), std::string_view(kWebSocket)}) {
    if (!message.starts_with(file)) continue;
    const std::string_view rest = message.substr(file.size());
    const bool has_line = rest.size() > 1 && rest[0] == ':' && rest[1] >= '1' && rest[1] <= '9';
    return has_line || rest == ": the text is not UTF-8" || rest.starts_with(": larger than");
  }
  return message.starts_with("built-in: grpc.address");
}

void CheckError(const absl::Status& status) {
  constexpr size_t kLongest = 1'000;
  const std::string message(status.message());
  Require(message.size() < kLongest && inlet::config::IsUtf8(message));
  const inlet::ErrorDetail detail = inlet::GetErrorDetail(status);
  Require(!detail.reason.empty() && inlet::config::IsUtf8(detail.field));
  for (const auto& [key, value] : detail.metadata) Require(inlet::config::IsUtf8(value));
}

void CheckFiles(const std::array<std::string, 4>& parts) {
  const auto loaded = inlet::config::LoadText({kInlet, parts[0]}, {kWebSocket, parts[1]}, ParseEnvironment(parts[3]));
  if (!loaded.ok()) {
    CheckError(loaded.status());
    return Require(HasPlace({loaded.status().message().data(), loaded.status().message().size()}));
  }
  for (const std::string_view name : loaded->conf_keys.Names()) {
    const auto effective = loaded->conf_keys.Effective(name, {}, "stream.settings");
    if (!effective.ok()) CheckError(effective.status());
  }
}

void CheckExtra(const std::string& text) {
  const std::string redacted = inlet::config::RedactExtra(text);
  Require(inlet::config::RedactExtra(redacted) == redacted);
  const auto settings = inlet::config::SettingsFromJson(text);
  if (!settings.ok()) {
    Require(settings.status().message().substr(0, 5) == "EXTRA");
    return CheckError(settings.status());
  }
  const bool has_secret = !MessageDifferencer::Equals(*settings, inlet::config::RedactSettings(*settings));
  Require(has_secret == (redacted != text));
  inlet::v1::SourceSettings merged = *settings;
  inlet::config::MergeSettings(*settings, merged);
  Require(MessageDifferencer::Equals(merged, *settings));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto parts = Split({reinterpret_cast<const char*>(data), size});
  CheckFiles(parts);
  CheckExtra(parts[2]);
  return 0;
}
