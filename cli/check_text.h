// The answer of CheckConnection as people read it.
#ifndef INLET_CLI_CHECK_TEXT_H_
#define INLET_CLI_CHECK_TEXT_H_

#include <string>

#include "inlet/v1/inlet.pb.h"

namespace inlet::cli {

// The endpoint, a line for each stage (a tick or a cross, its time, what was found), what else is known, and the hint.
// What a remote server wrote cannot steer the terminal.
std::string CheckText(const v1::CheckConnectionResponse& response, bool coloured);

}  // namespace inlet::cli

#endif  // INLET_CLI_CHECK_TEXT_H_
