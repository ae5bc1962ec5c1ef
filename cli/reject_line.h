// A reject as JSON: what could not become a record, and why.
#ifndef INLET_CLI_REJECT_LINE_H_
#define INLET_CLI_REJECT_LINE_H_

#include <string>

#include "inlet/v1/inlet.pb.h"

namespace inlet::cli {

// {"reason":"NOT_AN_OBJECT","detail":"...","byteOffset":9,"index":1,"size":6,"text":"\"five\""}, the content last since
// it may be long: `text`, or `binary` in base64, or neither.
std::string RejectJson(const v1::Reject& reject);

// The same, preceded by when it came and from which connection: {"time":"...","connection":7,"reason":...}
std::string RejectRecordJson(const v1::Record& record);

}  // namespace inlet::cli

#endif  // INLET_CLI_REJECT_LINE_H_
