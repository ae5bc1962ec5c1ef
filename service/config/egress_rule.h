// How a rule of egress.allow and egress.deny is written. What it means is the dialler's.
#ifndef INLET_SERVICE_CONFIG_EGRESS_RULE_H_
#define INLET_SERVICE_CONFIG_EGRESS_RULE_H_

#include <string_view>

namespace inlet::config {

// An address (10.1.2.3, ::1), a range (10.0.0.0/8, fd00::/8), a name (feed.example.com), or all names below one
// (*.example.com), or * for all.
bool IsEgressRule(std::string_view text);

// An address or a range.
bool IsIpRange(std::string_view text);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_EGRESS_RULE_H_
