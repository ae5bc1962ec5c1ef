// Puts secrets back where a caller sent <redacted> in their place.
#include "service/config/kept_secrets.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/names.h"
#include "service/config/redact.h"

namespace inlet::config {
namespace {

// Every secret is compared and shown as this function does.
std::string ShownProxy(const std::string& url) {
  v1::SourceSettings settings;
  settings.set_proxy_url(url);
  return RedactSettings(settings).proxy_url();
}

std::string WithoutUser(const std::string& url) {
  const size_t at = url.rfind('@');
  const size_t scheme_end = url.substr(0, at).find("://");
  if (at == std::string::npos) return url;
  const size_t begin = scheme_end == std::string::npos ? 0 : scheme_end + 3;
  return Concat({std::string_view(url).substr(0, begin), std::string_view(url).substr(at + 1)});
}

const std::string* FindHeader(const v1::SourceSettings& kept, const std::string& name) {
  const auto& headers = kept.request_header();
  if (const auto exact = headers.find(name); exact != headers.end()) return &exact->second;
  const auto other_case = std::find_if(headers.begin(), headers.end(),
                                       [&](const auto& header) { return EqualIgnoringCase(header.first, name); });
  return other_case == headers.end() ? nullptr : &other_case->second;
}

class Keeper {
 public:
  Keeper(const v1::SourceSettings& kept, v1::SourceSettings& settings) : kept_(kept), settings_(settings) {}

  // Where something was kept: "requestHeader, proxyUrl".
  std::string_view fields() const { return fields_; }

  void KeepAll() {
    for (auto& [name, value] : *settings_.mutable_request_header()) {
      const std::string* const secret = FindHeader(kept_, name);
      if (value == kRedacted && secret != nullptr) Take("requestHeader", *secret, value);
    }
    for (int i = 0; i < std::min(settings_.bearer_tokens_size(), kept_.bearer_tokens_size()); ++i) {
      if (settings_.bearer_tokens(i) != kRedacted) continue;
      Take("bearerTokens", kept_.bearer_tokens(i), *settings_.mutable_bearer_tokens(i));
    }
    if (settings_.private_key_raw() == kRedacted && kept_.has_private_key_raw()) {
      Take("privateKeyRaw", kept_.private_key_raw(), *settings_.mutable_private_key_raw());
    }
    KeepCertificates();
    const bool is_hidden = settings_.proxy_url().find(kRedacted) != std::string::npos;
    if (is_hidden && settings_.proxy_url() == ShownProxy(kept_.proxy_url())) {
      Take("proxyUrl", kept_.proxy_url(), *settings_.mutable_proxy_url());
    }
  }

 private:
  // They may have been hidden for the key that came along with them.
  void KeepCertificates() {
    if (settings_.root_ca_raw() == kRedacted && kept_.has_root_ca_raw()) {
      Take("rootCARaw", kept_.root_ca_raw(), *settings_.mutable_root_ca_raw());
    }
    if (settings_.certification_raw() == kRedacted && kept_.has_certification_raw()) {
      Take("certificationRaw", kept_.certification_raw(), *settings_.mutable_certification_raw());
    }
  }

  void Take(std::string_view field, const std::string& secret, std::string& target) {
    target = secret;
    if (!fields_.ends_with(field)) fields_ += Concat({fields_.empty() ? "" : ", ", field});
  }

  const v1::SourceSettings& kept_;
  v1::SourceSettings& settings_;
  std::string fields_;
};

absl::Status Invalid(std::string_view where, std::string_view field, std::string_view problem) {
  const std::string path = Concat({where, ".", field});
  return FieldInvalid(path, Concat({path, ": ", problem}));
}

bool TokensAreUnclear(const v1::SourceSettings& kept, const v1::SourceSettings& settings) {
  const auto& tokens = settings.bearer_tokens();
  const bool is_kept = std::find(tokens.begin(), tokens.end(), kRedacted) != tokens.end();
  return is_kept && tokens.size() < kept.bearer_tokens_size();
}

}  // namespace

bool IsSameDestination(const v1::SourceSettings& a, const v1::SourceSettings& b) {
  return EqualIgnoringCase(a.addr(), b.addr()) && a.scheme() == b.scheme() &&
         WithoutUser(a.proxy_url()) == WithoutUser(b.proxy_url());
}

absl::Status KeepSecrets(const v1::SourceSettings& kept, bool same_destination, std::string_view where,
                         v1::SourceSettings& settings) {
  if (TokensAreUnclear(kept, settings)) {
    return Invalid(where, "bearerTokens",
                   Concat({"there are fewer than before, so that it is not clear which ", kRedacted,
                           " stands for: write those that stay"}));
  }
  Keeper keeper(kept, settings);
  keeper.KeepAll();
  if (same_destination || keeper.fields().empty()) return absl::OkStatus();
  return Invalid(
      where, keeper.fields().substr(0, keeper.fields().find(',')),
      Concat({"the secrets that are there (", keeper.fields(),
              ") are not kept when addr, scheme or proxyUrl change: write the values, or clear the fields"}));
}

}  // namespace inlet::config
