// The address of the service as people type it.
#ifndef INLET_CLI_ADDRESS_H_
#define INLET_CLI_ADDRESS_H_

#include <string>
#include <string_view>

namespace inlet::cli {

inline constexpr std::string_view kDefaultAddress = "localhost:50051";

// What is wrong with it and what would be right; empty if it is HOST:PORT, [IPv6]:PORT, or of gRPC's own forms (unix:,
// dns:, ipv4:, ipv6:).
std::string AddressFault(std::string_view address);

// For commands that are shown to be copied: " --address HOST:PORT", or nothing where the default or $INLET_ADDRESS is
// meant. Reads the environment.
std::string AddressOption(const std::string& address);

}  // namespace inlet::cli

#endif  // INLET_CLI_ADDRESS_H_
