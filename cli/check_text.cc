// The answer of CheckConnection as people read it: ticks and crosses, facts, and the hint.
#include "cli/check_text.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <map>
#include <string_view>

#include "cli/terminal.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

using Stage = v1::CheckConnectionResponse::Stage;

constexpr std::string_view kTick = "\u2713";
constexpr std::string_view kCross = "\u2717";

class Painter {
 public:
  explicit Painter(bool coloured) : coloured_(coloured) {}
  std::string Good(std::string_view text) const { return Paint("\x1b[32m", text); }
  std::string Bad(std::string_view text) const { return Paint("\x1b[31m", text); }
  std::string Dim(std::string_view text) const { return Paint("\x1b[2m", text); }

 private:
  std::string Paint(std::string_view colour, std::string_view text) const {
    return coloured_ ? Concat({colour, text, "\x1b[0m"}) : std::string(text);
  }
  const bool coloured_;
};

// "0.4 ms", "12 ms", "2.1 s"
std::string DurationText(const google::protobuf::Duration& duration) {
  constexpr double kThousand = 1000;
  constexpr double kMillion = 1'000'000;
  const double milliseconds = static_cast<double>(duration.seconds()) * kThousand + duration.nanos() / kMillion;
  std::array<char, 32> text{};
  int size = 0;
  if (milliseconds < 10) {
    size = std::snprintf(text.data(), text.size(), "%.1f ms", milliseconds);
  } else if (milliseconds < kThousand) {
    size = std::snprintf(text.data(), text.size(), "%.0f ms", milliseconds);
  } else {
    size = std::snprintf(text.data(), text.size(), "%.1f s", milliseconds / kThousand);
  }
  return {text.data(), static_cast<size_t>(size)};
}

std::string Padded(const std::string& text, size_t width, bool right = false) {
  const size_t missing = width > text.size() ? width - text.size() : 0;
  return right ? std::string(missing, ' ') + text : text + std::string(missing, ' ');
}

std::string StageLine(const Stage& stage, const Painter& painter) {
  constexpr size_t kNameWidth = 8;
  constexpr size_t kTimeWidth = 7;
  return Concat({"  ", stage.ok() ? painter.Good(kTick) : painter.Bad(kCross), " ", Padded(stage.name(), kNameWidth),
                 painter.Dim(Padded(DurationText(stage.duration()), kTimeWidth, true)), "  ", Harmless(stage.detail()),
                 "\n"});
}

std::string Date(const google::protobuf::Timestamp& timestamp) {
  const std::time_t seconds = timestamp.seconds();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts)};
}

std::string Fact(std::string_view name, std::string_view value) {
  constexpr size_t kWidth = 18;
  return value.empty() ? "" : Concat({"  ", Padded(std::string(name), kWidth), Harmless(value), "\n"});
}

std::string CertificateText(const v1::CheckConnectionResponse& response) {
  if (response.certificate_subject().empty()) return "";
  std::string text = Concat({response.certificate_subject(), ", issued by ", response.certificate_issuer()});
  if (response.has_certificate_expire_time()) text += ", until " + Date(response.certificate_expire_time());
  return text;
}

std::string Facts(const v1::CheckConnectionResponse& response) {
  std::string facts = Fact("TLS", response.tls_version()) + Fact("certificate", CertificateText(response));
  const bool refused = response.http_status() != 0 && response.http_status() != 101;
  if (refused) facts += Fact("HTTP status", std::to_string(response.http_status()));
  const std::map<std::string, std::string> headers(response.response_header().begin(),
                                                   response.response_header().end());
  for (const auto& [name, value] : headers) facts += Fact(name, value);
  return facts + Fact("subprotocol", response.subprotocol()) + Fact("extensions", response.extensions()) +
         Fact("first message", response.first_message());
}

}  // namespace

std::string CheckText(const v1::CheckConnectionResponse& response, bool coloured) {
  const Painter painter(coloured);
  std::string text = Harmless(response.endpoint()) + "\n";
  for (const Stage& stage : response.stages()) text += StageLine(stage, painter);
  const std::string facts = Facts(response);
  if (!facts.empty()) text += "\n" + facts;
  text += '\n';
  return text +
         (response.reachable() ? painter.Good("reachable")
                               : Concat({painter.Bad("not reachable"), ": ", Harmless(response.hint())})) +
         "\n";
}

}  // namespace inlet::cli
