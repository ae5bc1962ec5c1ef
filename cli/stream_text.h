// Streams as people read them.
#ifndef INLET_CLI_STREAM_TEXT_H_
#define INLET_CLI_STREAM_TEXT_H_

#include <chrono>
#include <string>
#include <vector>

#include "cli/table.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::cli {

// A table with a line of headings.
std::string ListText(const std::vector<v1::Stream>& streams);

// A name and aligned facts below it; facts that say nothing are left out.
std::string ShowText(const v1::Stream& stream, std::chrono::system_clock::time_point now);

enum class Creation { kNew, kExisting, kValidated };

// After creation: where peers connect and how records are read. `address_option`: as AddressOption (address.h).
std::string CreatedText(const v1::Stream& stream, Creation creation, const std::string& address_option);

}  // namespace inlet::cli

#endif  // INLET_CLI_STREAM_TEXT_H_
