// The address of the service as people type it: gRPC itself would take port 443 for a missing one, and any URL for a
// name.
#include "cli/address.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>

#include "ingest/text.h"

namespace inlet::cli {
namespace {

constexpr std::array<std::string_view, 5> kGrpcForms = {"unix:", "unix-abstract:", "dns:///", "ipv4:", "ipv6:"};

bool IsPort(std::string_view text) {
  uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, port);
  return !text.empty() && stopped == end && error == std::errc() && port > 0;
}

std::string Found(std::string_view address, std::string_view fault) {
  return Concat({"found \"", address, "\", ", fault});
}

std::string PortFault(std::string_view address, std::string_view port) {
  if (IsPort(port)) return {};
  return Found(address, Concat({"whose port \"", port, "\" is not a number from 1 to 65535"}));
}

}  // namespace

std::string AddressFault(std::string_view address) {
  if (address.empty()) return "it is empty; give HOST:PORT, such as localhost:50051";
  const bool is_grpc_form = std::any_of(kGrpcForms.begin(), kGrpcForms.end(),
                                        [address](std::string_view form) { return address.starts_with(form); });
  if (is_grpc_form) return {};
  if (address.find("://") != std::string_view::npos || address.find('/') != std::string_view::npos) {
    return Found(address, "but it is no URL; give HOST:PORT, such as localhost:50051");
  }
  const size_t colon = address.rfind(':');
  const bool in_brackets = address.front() == '[';
  if (colon == std::string_view::npos || (in_brackets && address.back() == ']')) {
    return Found(address, Concat({"which has no port; give ", address, ":50051"}));
  }
  const std::string_view host = address.substr(0, colon);
  if (host.empty()) return Found(address, Concat({"which has no host; give localhost", address}));
  if (!in_brackets && host.find(':') != std::string_view::npos) {
    return Found(address, "which is an IPv6 address without brackets; give [::1]:50051");
  }
  return PortFault(address, address.substr(colon + 1));
}

std::string AddressOption(const std::string& address) {
  const char* set = std::getenv("INLET_ADDRESS");
  const std::string_view without_option = set != nullptr && *set != '\0' ? std::string_view(set) : kDefaultAddress;
  return address == without_option ? std::string() : Concat({" --address ", address});
}

}  // namespace inlet::cli
