// Makes what a remote server says fit to be shown: finds secrets, mends and cuts text.
#include "ingest/ws/shown_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "ingest/json_parser.h"
#include "ingest/text.h"
#include "ingest/ws/control_characters.h"
#include "ingest/ws/url_text.h"

namespace inlet::ws {
namespace {

constexpr std::string_view kRedacted = "<redacted>";
// Shorter ones would tear holes into innocent text, and are no secrets worth the name.
constexpr size_t kMinSecretBytes = 6;
constexpr size_t kMaxCharacterBytes = 4;  // in UTF-8

// Headers whose values everybody may know, and that stand in URLs and answers.
bool IsPublic(std::string_view name) {
  constexpr std::array<std::string_view, 5> kPublic = {"host", "origin", "user-agent", "accept-language",
                                                       "sec-websocket-protocol"};
  return std::ranges::any_of(kPublic, [name](std::string_view one) {
    return std::ranges::equal(one, name,
                              [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
  });
}

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

void Replace(std::string& text, std::string_view what) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + kRedacted.size())) {
    text.replace(at, what.size(), kRedacted);
  }
}

// A server cuts what it quotes, and so does a close frame: the beginning of a secret is hidden where it is long, or at
// the end of the text. Not of one with a space: "Bearer" is an innocent word.
void HideBeginnings(std::string& text, std::string_view secret) {
  constexpr size_t kLongBeginning = 16;
  if (secret.find(' ') != std::string_view::npos) return;
  const std::string_view begin = secret.substr(0, kMinSecretBytes);
  for (size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
    const std::string_view rest = std::string_view(text).substr(at);
    const auto end = std::ranges::mismatch(rest, secret).in1;
    const auto size = static_cast<size_t>(end - rest.begin());
    if (size >= kLongBeginning || size == rest.size()) text.replace(at, size, kRedacted);
  }
}

std::string Cut(std::string text, size_t limit) {
  if (text.size() <= limit) return text;
  size_t end = limit;
  while (end > 0 && IsContinuation(text[end])) --end;
  text.resize(end);
  return text;
}

}  // namespace

ShownText::ShownText(const ingest::ClientRole& role, const ingest::Credentials& credentials) {
  for (const ingest::HttpHeader& header : role.headers) AddHeader(header, credentials);
  AddReferences(role.target, credentials);
  for (const std::string& message : role.open_messages) AddReferences(message, credentials);
  AddReferences(role.heartbeat_message, credentials);
  if (const auto target = credentials.Expand(role.target); target.ok()) AddQuery(*target, role.url);
  if (const auto proxy = credentials.Expand(role.proxy_url); proxy.ok()) {
    const size_t begin = proxy->find("//") + 2;
    const size_t at = proxy->rfind('@');
    if (at != std::string::npos && at > begin)
      AddUser(PercentDecode(std::string_view(*proxy).substr(begin, at - begin)));
  }
  std::ranges::sort(secrets_, std::ranges::greater(), &std::string::size);
}

// "user:password" of the proxy, which it is sent as Base64.
void ShownText::AddUser(const std::string& user) {
  const size_t colon = user.find(':');
  Add(user);
  if (colon != std::string::npos) Add(std::string_view(user).substr(colon + 1));
  Add(Base64(colon == std::string::npos ? user + ":" : user));
}

void ShownText::AddHeader(const ingest::HttpHeader& header, const ingest::Credentials& credentials) {
  AddReferences(header.value, credentials);
  if (IsPublic(header.name)) return;
  const auto value = credentials.Expand(header.value);
  if (!value.ok()) return;
  Add(*value);
  // "Bearer abc": the token alone, too; "Basic abc": what it stands for.
  const size_t space = value->find(' ');
  if (space == std::string::npos) return;
  const std::string token = value->substr(space + 1);
  Add(token);
  const bool is_basic = absl::AsciiStrToLower(value->substr(0, space)) == "basic";
  if (std::string user; is_basic && absl::Base64Unescape(token, &user)) AddUser(user);
}

// `shown_url` holds the values that the operator lets be seen.
void ShownText::AddQuery(std::string_view target, std::string_view shown_url) {
  size_t at = target.find('?');
  while (at != std::string_view::npos) {
    const size_t end = std::min(target.find('&', at + 1), target.size());
    const std::string_view pair = target.substr(at + 1, end - at - 1);
    const size_t equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? pair : pair.substr(equals + 1);
    if (shown_url.find(value) == std::string_view::npos) {
      Add(value);
      Add(PercentDecode(value));
    }
    at = end == target.size() ? std::string_view::npos : end;
  }
}

void ShownText::AddReferences(std::string_view text, const ingest::Credentials& credentials) {
  for (size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 1)) {
    const size_t end = text.find('}', at);
    if (end == std::string_view::npos) return;
    if (const auto value = credentials.Expand(text.substr(at, end - at + 1)); value.ok()) Add(*value);
  }
}

void ShownText::Add(std::string_view secret) {
  if (secret.size() >= kMinSecretBytes) secrets_.emplace_back(secret);
}

std::string ShownText::Hide(std::string_view text, size_t limit) const {
  // A server that sends a secret a million times must not keep the loop busy: what lies beyond is not looked at.
  const size_t longest = secrets_.empty() ? 0 : secrets_.front().size();
  std::string hidden = Cut(std::string(text.substr(0, limit + longest + kMaxCharacterBytes)), limit + longest);
  for (const std::string& secret : secrets_) Replace(hidden, secret);
  for (const std::string& secret : secrets_) HideBeginnings(hidden, secret);
  return hidden;
}

std::string ShownText::Show(std::string_view text, size_t limit) const {
  std::string shown = Hide(text, limit);
  const bool is_utf8 = ingest::IsUtf8(shown);
  std::ranges::replace_if(
      shown, [is_utf8](char c) { return IsControl(c) || (!is_utf8 && static_cast<unsigned char>(c) >= 0x80); }, '?');
  return Cut(std::move(shown), limit);
}

std::string ShownText::ShowMessage(std::string_view text, size_t limit) const {
  return ingest::IsUtf8(text) ? Cut(Hide(text, limit), limit) : std::string();
}

}  // namespace inlet::ws
