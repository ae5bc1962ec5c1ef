// What a request's path has where a stream's path has variables. Pure.
#ifndef INLET_INGEST_WS_PATH_VARIABLES_H_
#define INLET_INGEST_WS_PATH_VARIABLES_H_

#include <string_view>
#include <vector>

#include "ingest/connection_facts.h"

namespace inlet::ws {

// Whether a segment of a stream's path is {name}.
bool IsVariableSegment(std::string_view segment);

// `pattern`: a stream's path; `path`: of a request, which matches it. The views point into both.
std::vector<ingest::PathVariable> ReadPathVariables(std::string_view pattern, std::string_view path);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_PATH_VARIABLES_H_
