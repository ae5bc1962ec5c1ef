// Why a subscription is without a call for a while.
#ifndef INLET_CLI_OUTAGE_H_
#define INLET_CLI_OUTAGE_H_

#include <chrono>
#include <string>

namespace inlet::cli {

struct Outage {
  // kStopping: the service said that it stops. kLost: a call that had begun broke. kUnreachable: there was no answer.
  // kMissing: there was, but the stream is not there. kCut: the service ended the call for another reason.
  enum class Kind { kStopping, kLost, kUnreachable, kMissing, kCut };

  Kind kind = Kind::kLost;
  std::string why;                       // a sentence, or empty
  std::chrono::milliseconds delay{};     // until the next attempt
  std::chrono::milliseconds patience{};  // kMissing: for how long attempts are made
};

}  // namespace inlet::cli

#endif  // INLET_CLI_OUTAGE_H_
