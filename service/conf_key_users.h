// Which streams take a conf key, and what they would be with another one.
#ifndef INLET_SERVICE_CONF_KEY_USERS_H_
#define INLET_SERVICE_CONF_KEY_USERS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "service/config/conf_keys.h"
#include "service/stream_plan.h"
#include "service/stream_registry.h"

namespace inlet::service {

// As StreamRegistry::ListAfter.
using NextStreams = std::function<std::vector<StreamEntryPtr>(std::string_view after, size_t limit)>;
// The stream as it is with these conf keys.
using PlanWithKeys = std::function<absl::StatusOr<StreamPlan>(const StreamEntry& stream, const config::ConfKeys& keys)>;

using NameSet = std::set<std::string, std::less<>>;
using UsersByKey = std::map<std::string, std::vector<std::string>, std::less<>>;

// The names of the streams that take each of `keys`, in byte order, the first `limit` of each; every stream takes
// `default`. One pass over all streams. Any thread, if `next` is.
UsersByKey FindUsers(const NextStreams& next, const NameSet& keys, size_t limit);

// Plans for all streams that take one of `changed`, by name. An error names the stream, and is about conf_key.settings
// where it was about the stream's.
absl::StatusOr<std::vector<StreamPlan>> PlanUsers(const NextStreams& next, const PlanWithKeys& plan,
                                                  const NameSet& changed, const config::ConfKeys& keys);

}  // namespace inlet::service

#endif  // INLET_SERVICE_CONF_KEY_USERS_H_
