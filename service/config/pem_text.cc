// The settings that hold PEM.
#include "service/config/pem_text.h"

#include "absl/strings/escaping.h"
#include "service/config/names.h"
#include "service/config/secret_references.h"

namespace inlet::config {

std::optional<std::string> PemText(const std::string& text) {
  constexpr std::string_view kBegin = "-----BEGIN";
  if (HasReference(text) || text.find(kBegin) != std::string::npos) return text;
  std::string decoded;
  const bool is_base64 = absl::Base64Unescape(Spaceless(text), &decoded);
  if (!is_base64 || decoded.find(kBegin) == std::string::npos) return std::nullopt;
  return decoded;
}

}  // namespace inlet::config
