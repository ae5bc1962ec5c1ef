// A server's answer to our upgrade request: what each status means.
#include "ingest/ws/upgrade_answer.h"

#include <libwebsockets.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <ctime>
#include <utility>

#include "ingest/text.h"
#include "ingest/ws/control_characters.h"

namespace inlet::ws {
namespace {

constexpr size_t kMostHeaderBytes = 512;  // of one value; the rest is cut

std::string Header(lws* wsi, lws_token_indexes token) {
  const int size = lws_hdr_total_length(wsi, token);
  if (size <= 0) return "";
  std::string value(static_cast<size_t>(size) + 1, '\0');
  const int copied = lws_hdr_copy(wsi, value.data(), size + 1, token);
  value.resize(copied > 0 ? static_cast<size_t>(copied) : 0);
  return WithoutControls(std::move(value));
}

const std::string* Find(const UpgradeAnswer& answer, std::string_view name) {
  const auto found = std::ranges::find(answer.headers, name, &ingest::HttpHeader::name);
  return found == answer.headers.end() ? nullptr : &found->value;
}

DialFailure Failure(DialProblem problem, std::string text) {
  DialFailure failure;
  failure.problem = problem;
  failure.text = std::move(text);
  return failure;
}

DialFailure JudgeSwitch(const UpgradeAnswer& answer) {
  const std::string_view complaint = answer.complaint;
  const auto says = [&](std::string_view word) { return complaint.find(word) != std::string_view::npos; };
  if (says("PROTOCOL") || says("protocol")) {
    return Failure(DialProblem::kSubprotocol, "the server chose a subprotocol that was not offered");
  }
  std::string flaw = "its 101 answer is flawed (" + answer.complaint + ")";
  if (says("Accept hash wrong")) flaw = "its Sec-WebSocket-Accept is wrong";
  if (says("ACCEPT missing")) flaw = "its 101 answer has no Sec-WebSocket-Accept";
  if (says("ext")) flaw = "it chose an extension that was not offered";
  if (says("Upgrade to something") || says("UPGRADE missing")) flaw = "its 101 answer is no upgrade to websocket";
  if (says("UPGRADE malformed")) flaw = "its 101 answer has no \"Connection: Upgrade\"";
  return Failure(DialProblem::kBadAccept, Concat({"the server does not speak WebSocket as it should: ", flaw}));
}

DialFailure JudgeStatus(const UpgradeAnswer& answer) {
  const std::string said = Concat({"the server answered ", answer.status_text});
  if (answer.status >= 300 && answer.status < 400) {
    const std::string* const location = Find(answer, "location");
    return Failure(DialProblem::kRedirect, Concat({said, location != nullptr ? " and points to " + *location : "",
                                                   "; redirects are not followed: use the address that it names"}));
  }
  if (answer.status == 200) {
    return Failure(DialProblem::kHttpStatus, Concat({said, ": it speaks HTTP, but no WebSocket at this path"}));
  }
  return Failure(DialProblem::kHttpStatus, said);
}

}  // namespace

UpgradeAnswer ReadUpgradeAnswer(lws* wsi, std::string_view complaint) {
  constexpr std::array<std::pair<std::string_view, lws_token_indexes>, 8> kShown{{
      {"location", WSI_TOKEN_HTTP_LOCATION},
      {"www-authenticate", WSI_TOKEN_HTTP_WWW_AUTHENTICATE},
      {"retry-after", WSI_TOKEN_HTTP_RETRY_AFTER},
      {"server", WSI_TOKEN_HTTP_SERVER},
      {"via", WSI_TOKEN_HTTP_VIA},
      {"sec-websocket-version", WSI_TOKEN_VERSION},
      {"content-type", WSI_TOKEN_HTTP_CONTENT_TYPE},
      {"allow", WSI_TOKEN_HTTP_ALLOW},
  }};
  UpgradeAnswer answer;
  answer.complaint = complaint;
  answer.status = static_cast<int>(lws_http_client_http_response(wsi));
  if (answer.status == 0) return answer;
  answer.status_text = Header(wsi, WSI_TOKEN_HTTP);
  if (answer.status_text.empty()) answer.status_text = std::to_string(answer.status);
  for (const auto& [name, token] : kShown) {
    std::string value = Header(wsi, token).substr(0, kMostHeaderBytes);
    if (name == "location") value = WithoutSecrets(value);
    if (!value.empty()) answer.headers.push_back({std::string(name), std::move(value)});
  }
  return answer;
}

DialFailure JudgeUpgradeAnswer(UpgradeAnswer answer, std::string_view peer) {
  DialFailure failure = answer.status == 101 ? JudgeSwitch(answer) : JudgeStatus(answer);
  failure.stage = DialStage::kUpgrade;
  failure.http_status = answer.status;
  if (const std::string* const value = Find(answer, "retry-after")) {
    failure.retry_after =
        ParseRetryAfter(*value, std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  }
  if (failure.text.empty()) failure.text = Concat({peer, " answers nothing of use"});
  failure.headers = std::move(answer.headers);
  return failure;
}

std::optional<std::chrono::seconds> ParseRetryAfter(std::string_view value, std::chrono::sys_seconds now) {
  uint32_t seconds = 0;
  const char* const end = value.data() + value.size();
  if (const auto [stop, error] = std::from_chars(value.data(), end, seconds); error == std::errc() && stop == end) {
    return std::chrono::seconds(seconds);
  }
  std::tm parts{};
  const std::string text(value);
  const char* const rest = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (rest == nullptr || *rest != '\0') return std::nullopt;
  const std::chrono::sys_seconds then{std::chrono::seconds(timegm(&parts))};
  return std::max(then - now, std::chrono::seconds(0));
}

std::string WithoutSecrets(std::string_view url) {
  std::string text(url.substr(0, url.find_first_of("?#")));
  const size_t begin = text.find("//");
  if (begin == std::string::npos) return text;
  const size_t end = std::min(text.find('/', begin + 2), text.size());
  const size_t at = text.rfind('@', end);
  if (at != std::string::npos && at > begin) text.erase(begin + 2, at - begin - 1);
  return text;
}

}  // namespace inlet::ws
