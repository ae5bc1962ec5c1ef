// How a rule of egress.allow and egress.deny is written.
#include "service/config/egress_rule.h"

#include <charconv>

#include "service/config/network_address.h"

namespace inlet::config {
namespace {

bool IsRange(std::string_view address, std::string_view bits) {
  const unsigned most = address.find(':') == std::string_view::npos ? 32 : 128;
  unsigned length = 0;
  const char* const end = bits.data() + bits.size();
  const auto result = std::from_chars(bits.data(), end, length);
  return IsIpAddress(address) && result.ec == std::errc() && result.ptr == end && length <= most;
}

}  // namespace

bool IsIpRange(std::string_view text) {
  const size_t slash = text.find('/');
  return slash == std::string_view::npos ? IsIpAddress(text) : IsRange(text.substr(0, slash), text.substr(slash + 1));
}

bool IsEgressRule(std::string_view text) {
  if (text.find('/') != std::string_view::npos) return IsIpRange(text);
  if (text == "*") return true;
  const bool is_below = text.starts_with("*.");
  if (is_below) text.remove_prefix(2);
  const bool is_bracketed = text.starts_with('[');
  return IsIpAddress(text) ? !is_below : IsHost(text) && !is_bracketed;
}

}  // namespace inlet::config
