// Hides secrets in what is about to be shown.
#include "service/config/redact.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "ingest/text.h"
#include "service/config/json_text.h"
#include "service/config/names.h"
#include "service/config/secret_references.h"

namespace inlet::config {
namespace {

using OrderedJson = nlohmann::ordered_json;

// What may stand before a reference in a header.
constexpr std::array<std::string_view, 5> kSchemes = {"Bearer ", "Basic ", "Token ", "Digest ", "ApiKey "};

// Whether there is nothing literal in the text but what `is_allowed` knows.
template <typename IsAllowed>
bool IsOnlyReferences(std::string_view text, const IsAllowed& is_allowed) {
  const std::vector<TextPiece> pieces = SplitReferences(text);
  const auto is_shown = [&](const TextPiece& piece) {
    return piece.kind != TextPiece::Kind::kLiteral || is_allowed(piece.text);
  };
  const bool has_reference = std::any_of(
      pieces.begin(), pieces.end(), [](const TextPiece& piece) { return piece.kind != TextPiece::Kind::kLiteral; });
  return text.empty() || (has_reference && std::all_of(pieces.begin(), pieces.end(), is_shown));
}

std::string RedactSecret(std::string_view text) {
  const bool is_shown = IsOnlyReferences(text, [](std::string_view) { return false; });
  return std::string(is_shown ? text : kRedacted);
}

std::string RedactHeader(std::string_view text) {
  std::string_view rest = text;
  for (const std::string_view scheme : kSchemes) {
    if (EqualIgnoringCase(text.substr(0, scheme.size()), scheme)) rest = text.substr(scheme.size());
  }
  const auto is_separator = [](std::string_view literal) { return literal == ", " || literal == "; "; };
  const bool is_shown = text.empty() || (!rest.empty() && IsOnlyReferences(rest, is_separator));
  return std::string(is_shown ? text : kRedacted);
}

// The user part of a URL ends at the last @, wherever it is: a password may hold any character, and hiding too much is
// safe.
std::string RedactUser(std::string_view url) {
  const size_t at = url.rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  const size_t scheme_end = url.substr(0, at).find("://");
  const size_t begin = scheme_end == std::string_view::npos ? 0 : scheme_end + 3;
  const std::string_view user = url.substr(begin, at - begin);
  const bool is_shown = IsOnlyReferences(user, [](std::string_view literal) { return literal == ":"; });
  return Concat({url.substr(0, begin), is_shown ? user : kRedacted, url.substr(at)});
}

// A certificate is public; a key may have come along with it.
std::string RedactCertificate(std::string_view text) {
  const bool is_pem = text.find("-----BEGIN") != std::string_view::npos;
  const bool has_key = text.find("PRIVATE KEY") != std::string_view::npos;
  return is_pem && !has_key ? std::string(text) : RedactSecret(text);
}

std::string RedactParameter(std::string_view parameter, const QueryNames& shown) {
  const size_t equals = parameter.find('=');
  if (equals == std::string_view::npos) return RedactSecret(parameter);
  const std::string_view name = parameter.substr(0, equals);
  if (std::find(shown.begin(), shown.end(), name) != shown.end()) return std::string(parameter);
  return Concat({name, "=", RedactSecret(parameter.substr(equals + 1))});
}

std::string RedactQuery(std::string_view query, const QueryNames& shown) {
  std::string redacted;
  while (true) {
    const size_t end = query.find('&');
    redacted += RedactParameter(query.substr(0, end), shown);
    if (end == std::string_view::npos) return redacted;
    redacted += '&';
    query.remove_prefix(end + 1);
  }
}

// ---- EXTRA ----

struct SecretKey {
  std::string_view camel;
  std::string_view snake;
  std::string (*redact)(std::string_view text);
};

constexpr std::array kSecretKeys = {
    SecretKey{"requestHeader", "request_header", RedactHeader},
    SecretKey{"bearerTokens", "bearer_tokens", RedactSecret},
    SecretKey{"privateKeyRaw", "private_key_raw", RedactSecret},
    SecretKey{"proxyUrl", "proxy_url", RedactUser},
    SecretKey{"rootCARaw", "root_ca_raw", RedactCertificate},
    SecretKey{"certificationRaw", "certification_raw", RedactCertificate},
};

void HideAll(OrderedJson& value) {
  if (!value.is_structured()) {
    value = kRedacted;
    return;
  }
  for (OrderedJson& inner : value) HideAll(inner);
}

// A list of a header's values is one text in the end, and is judged as that.
bool IsShownHeaderList(const OrderedJson& values) {
  std::string joined;
  for (const OrderedJson& value : values) {
    if (!value.is_string()) return false;
    joined += Concat({&value == &values.front() ? "" : ", ", value.get_ref<const std::string&>()});
  }
  return RedactHeader(joined) == joined;
}

void RedactValue(OrderedJson& value, const SecretKey& key) {
  const bool is_header = key.redact == RedactHeader;
  if (value.is_string()) {
    value = key.redact(value.get_ref<const std::string&>());
  } else if (is_header && value.is_array()) {
    if (!IsShownHeaderList(value)) HideAll(value);
  } else if (is_header ? value.is_object() : key.redact == RedactSecret && value.is_array()) {
    for (OrderedJson& inner : value) RedactValue(inner, key);
  } else {
    HideAll(value);
  }
}

std::string RedactObject(std::string_view json) {
  try {
    const OrderedJson original = OrderedJson::parse(json);
    OrderedJson redacted = original;
    for (auto member = redacted.begin(); member != redacted.end(); ++member) {
      for (const SecretKey& key : kSecretKeys) {
        if (member.key() == key.camel || member.key() == key.snake) RedactValue(member.value(), key);
      }
    }
    return redacted == original ? std::string(json) : redacted.dump();
  } catch (const nlohmann::json::exception&) {
    return std::string(kRedacted);
  }
}

}  // namespace

v1::SourceSettings RedactSettings(const v1::SourceSettings& settings) {
  v1::SourceSettings redacted = settings;
  for (auto& header : *redacted.mutable_request_header()) header.second = RedactHeader(header.second);
  for (std::string& token : *redacted.mutable_bearer_tokens()) token = RedactSecret(token);
  if (redacted.has_private_key_raw()) redacted.set_private_key_raw(RedactSecret(redacted.private_key_raw()));
  if (redacted.has_proxy_url()) redacted.set_proxy_url(RedactUser(redacted.proxy_url()));
  if (redacted.has_root_ca_raw()) redacted.set_root_ca_raw(RedactCertificate(redacted.root_ca_raw()));
  if (redacted.has_certification_raw()) {
    redacted.set_certification_raw(RedactCertificate(redacted.certification_raw()));
  }
  return redacted;
}

std::string RedactExtra(std::string_view json) {
  const auto bounded = ParseJson("EXTRA", json);  // for its bounds: the library's own tree is written by recursion
  const bool is_object = bounded.ok() && bounded->kind == Value::Kind::kMap;
  return is_object ? RedactObject(json) : std::string(kRedacted);
}

std::string RedactUrl(std::string_view url, const QueryNames& shown) {
  const size_t scheme_end = url.find("://");
  const bool has_scheme = scheme_end < url.find_first_of("/?#");  // else it is a path, whose query names a URL
  const size_t begin = has_scheme ? scheme_end + 3 : 0;
  const size_t authority_end = std::min(url.find_first_of("/?#", begin), url.size());
  const size_t question = url.find('?', authority_end);
  std::string text = begin == 0 ? std::string(url.substr(0, authority_end)) : RedactUser(url.substr(0, authority_end));
  if (question == std::string_view::npos) return Concat({text, url.substr(authority_end)});
  const std::string_view path = url.substr(authority_end, question + 1 - authority_end);
  return Concat({text, path, RedactQuery(url.substr(question + 1), shown)});
}

v1::Stream RedactDefinition(const v1::Stream& definition, const QueryNames& shown) {
  v1::Stream redacted = definition;
  redacted.set_datasource(RedactUrl(definition.datasource(), shown));
  if (redacted.has_settings()) *redacted.mutable_settings() = RedactSettings(definition.settings());
  return redacted;
}

}  // namespace inlet::config
