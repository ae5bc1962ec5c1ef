// The settings that hold PEM: rootCARaw, certificationRaw, privateKeyRaw.
#ifndef INLET_SERVICE_CONFIG_PEM_TEXT_H_
#define INLET_SERVICE_CONFIG_PEM_TEXT_H_

#include <optional>
#include <string>
#include <string_view>

namespace inlet::config {

inline constexpr std::string_view kNoPem = "is no PEM (-----BEGIN ...), no base64 of PEM, and no reference to it";

// PEM, or a reference to it, as the data plane wants it. Nothing if the text is neither, nor base64 of PEM. What the
// PEM holds is not looked at. Pure, any thread.
std::optional<std::string> PemText(const std::string& text);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_PEM_TEXT_H_
