// Judges a WebSocket handshake: the rules and the answers.
#include "ingest/ws/handshake.h"

#include <algorithm>
#include <cctype>

#include "ingest/text.h"

namespace inlet::ws {
namespace {

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  const size_t begin = std::min(text.find_first_not_of(kBlank), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

bool ListHasToken(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    if (EqualsIgnoringCase(Trim(list.substr(0, comma)), token)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

// 16 bytes in base64.
bool IsKey(std::string_view key) {
  constexpr size_t kDigits = 22;
  if (key.size() != kDigits + 2 || key.substr(kDigits) != "==") return false;
  return std::ranges::all_of(key.substr(0, kDigits),
                             [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '/'; });
}

std::string_view StatusText(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 414:
      return "URI Too Long";
    case 426:
      return "Upgrade Required";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Error";
  }
}

// A path comes from a stranger and goes to a terminal.
std::string Printable(std::string_view text) {
  constexpr size_t kMost = 200;
  std::string out(text.substr(0, kMost));
  std::ranges::replace_if(
      out, [](unsigned char c) { return c < 0x21 || c > 0x7e; }, '?');
  if (text.size() > kMost) out += "...";
  return out;
}

constexpr char kUpgradeHeaders[] = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";

Refusal Malformed(std::string text) { return {RefusalKind::kMalformed, 400, std::move(text), ""}; }

std::optional<Refusal> CheckHttp(const HandshakeRequest& request) {
  if (request.method != "GET") {
    return Refusal{RefusalKind::kMethod, 405, "A WebSocket handshake is a GET request.", "Allow: GET\r\n"};
  }
  if (request.http_version != "HTTP/1.1") {
    return Refusal{RefusalKind::kMalformed, 505, "A WebSocket handshake is an HTTP/1.1 request.", ""};
  }
  if (!EqualsIgnoringCase(request.upgrade, "websocket")) {
    return Refusal{RefusalKind::kNotWebSocket, 426,
                   "Only WebSocket (RFC 6455) is spoken here: connect with a WebSocket client.", kUpgradeHeaders};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> CheckHandshake(const HandshakeRequest& request) {
  if (std::optional<Refusal> refusal = CheckHttp(request)) return refusal;
  if (request.path.size() > kMostPathBytes) {
    return Refusal{RefusalKind::kPathTooLong, 414,
                   Concat({"The path is longer than ", std::to_string(kMostPathBytes), " bytes."}), ""};
  }
  if (request.version != "13") {
    return Refusal{RefusalKind::kVersion, 426, "Sec-WebSocket-Version must be 13.", kUpgradeHeaders};
  }
  if (!ListHasToken(request.connection, "upgrade")) return Malformed("The header 'Connection: Upgrade' is missing.");
  if (request.host.empty()) return Malformed("The header Host is missing.");
  if (!IsKey(request.key)) return Malformed("Sec-WebSocket-Key must be 16 bytes in base64.");
  return std::nullopt;
}

Refusal RefuseUnknownPath(std::string_view path) {
  return {RefusalKind::kUnknownPath, 404, Concat({"No stream listens on ", Printable(path), "."}), ""};
}

Refusal RefuseTooManyConnections() {
  return {RefusalKind::kTooManyConnections, 503, "Too many connections: come back later.", "Retry-After: 5\r\n"};
}

Refusal RefuseTimeout() {
  return {RefusalKind::kTimeout, 408,
          "The handshake was not complete in time. (A header whose name is the beginning of a well-known one, such as "
          "X-Auth or X-Real, stops it: take another name.)",
          ""};
}

std::string HttpAnswer(const Refusal& refusal, bool with_body) {
  const std::string body = refusal.text + "\n";
  const std::string_view options = refusal.status == 426 ? "close, Upgrade" : "close";  // RFC 9110, 7.8
  return Concat({"HTTP/1.1 ", std::to_string(refusal.status), " ", StatusText(refusal.status), "\r\n", refusal.headers,
                 "Connection: ", options, "\r\nContent-Type: text/plain; charset=utf-8\r\n",
                 "X-Content-Type-Options: nosniff\r\nContent-Length: ", std::to_string(body.size()), "\r\n\r\n",
                 with_body ? body : ""});
}

}  // namespace inlet::ws
