// Times as people read them.
#ifndef INLET_CLI_TIME_TEXT_H_
#define INLET_CLI_TIME_TEXT_H_

#include <google/protobuf/timestamp.pb.h>

#include <chrono>
#include <string>

namespace inlet::cli {

// "12s ago", in one unit; a time to come is 0s ago.
std::string Ago(const google::protobuf::Timestamp& time, std::chrono::system_clock::time_point now);

}  // namespace inlet::cli

#endif  // INLET_CLI_TIME_TEXT_H_
