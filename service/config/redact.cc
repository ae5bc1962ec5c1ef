// Hides secrets in settings that are about to be shown.
#include "service/config/redact.h"

#include <nlohmann/json.hpp>

#include "ingest/text.h"
#include "service/config/json_text.h"

namespace inlet::config {
namespace {

using OrderedJson = nlohmann::ordered_json;

// The user part of a URL ends at the last @, wherever it is: a password may hold any character, and hiding too much is
// safe.
std::string RedactUser(std::string_view url) {
  const size_t at = url.rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  const size_t scheme_end = url.substr(0, at).find("://");
  const size_t begin = scheme_end == std::string_view::npos ? 0 : scheme_end + 3;
  return Concat({url.substr(0, begin), kRedacted, url.substr(at)});
}

bool IsKey(std::string_view key, std::string_view camel, std::string_view snake) {
  return key == camel || key == snake;
}

void RedactAll(OrderedJson& value) {
  if (!value.is_structured()) {
    value = kRedacted;
    return;
  }
  for (OrderedJson& inner : value) RedactAll(inner);
}

void RedactMember(std::string_view key, OrderedJson& value) {
  const bool is_secret = IsKey(key, "requestHeader", "request_header") || IsKey(key, "bearerTokens", "bearer_tokens") ||
                         IsKey(key, "privateKeyRaw", "private_key_raw");
  if (is_secret) return RedactAll(value);
  if (!IsKey(key, "proxyUrl", "proxy_url")) return;
  if (value.is_string()) {
    value = RedactUser(value.get_ref<const std::string&>());
  } else {
    RedactAll(value);
  }
}

std::string RedactObject(std::string_view json) {
  try {
    const OrderedJson original = OrderedJson::parse(json);
    OrderedJson redacted = original;
    for (auto member = redacted.begin(); member != redacted.end(); ++member) RedactMember(member.key(), member.value());
    return redacted == original ? std::string(json) : redacted.dump();
  } catch (const nlohmann::json::exception&) {
    return std::string(kRedacted);
  }
}

}  // namespace

v1::SourceSettings RedactSettings(const v1::SourceSettings& settings) {
  v1::SourceSettings redacted = settings;
  for (auto& header : *redacted.mutable_request_header()) header.second = kRedacted;
  for (std::string& token : *redacted.mutable_bearer_tokens()) token = kRedacted;
  if (redacted.has_private_key_raw()) redacted.set_private_key_raw(std::string(kRedacted));
  if (redacted.has_proxy_url()) redacted.set_proxy_url(RedactUser(redacted.proxy_url()));
  return redacted;
}

std::string RedactExtra(std::string_view json) {
  const auto bounded = ParseJson("EXTRA", json);  // for its bounds: the library's own tree is written by recursion
  const bool is_object = bounded.ok() && bounded->kind == Value::Kind::kMap;
  return is_object ? RedactObject(json) : std::string(kRedacted);
}

}  // namespace inlet::config
