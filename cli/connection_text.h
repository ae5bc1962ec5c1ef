// Connections as people read them.
#ifndef INLET_CLI_CONNECTION_TEXT_H_
#define INLET_CLI_CONNECTION_TEXT_H_

#include <chrono>
#include <string>
#include <vector>

#include "inlet/v1/inlet.pb.h"

namespace inlet::cli {

// A table with a line of headings; columns in which nothing stands are left out. What peers wrote cannot steer the
// terminal.
std::string ConnectionsText(const std::vector<v1::Connection>& connections, std::chrono::system_clock::time_point now);

}  // namespace inlet::cli

#endif  // INLET_CLI_CONNECTION_TEXT_H_
