// What the headers of a handshake may be.
#ifndef INLET_SERVICE_CONFIG_HEADER_CHECK_H_
#define INLET_SERVICE_CONFIG_HEADER_CHECK_H_

#include <string>
#include <string_view>

#include "inlet/v1/inlet.pb.h"

namespace inlet::config {

// A token of RFC 9110: what a header's name and a subprotocol are made of.
bool IsToken(std::string_view text);

// What is wrong with the names and values of request_header, as the end of a sentence; empty if nothing is. Values are
// never repeated.
std::string RequestHeaderProblem(const v1::SourceSettings& settings);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_HEADER_CHECK_H_
