// How user names and passwords stand in URLs and headers.
#include "ingest/ws/url_text.h"

#include <openssl/evp.h>

#include <charconv>

namespace inlet::ws {

std::string Base64(std::string_view text) {
  std::string encoded((text.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  encoded.resize(static_cast<size_t>(size));
  return encoded;
}

std::string PercentDecode(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const bool coded = text[i] == '%' && i + 2 < text.size() &&
                       std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3;
    decoded += coded ? static_cast<char>(value) : text[i];
    if (coded) i += 2;
  }
  return decoded;
}

}  // namespace inlet::ws
