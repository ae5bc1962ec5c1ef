// Who sent a record, encoded once for each connection: Origin of the contract.
#ifndef INLET_INGEST_ORIGIN_H_
#define INLET_INGEST_ORIGIN_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/connection_facts.h"

namespace inlet::ingest {

// Names and values of path variables that somebody asks for.
using WantedVariables = std::vector<std::pair<std::string, std::string>>;

// Field `origin` of a record: its tag, its length, and the Origin. Texts that are no UTF-8 get their bytes beyond ASCII
// percent-encoded, since a message of the contract could not be parsed otherwise.
std::string EncodeOriginField(const ConnectionFacts& facts);

// The Origin inside what EncodeOriginField made.
std::string_view OriginInside(std::string_view origin_field);

// Whether an encoded Origin has all of these values.
bool HasVariables(std::string_view origin, const WantedVariables& wanted);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_ORIGIN_H_
