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
#include "service/stream_walk.h"

namespace inlet::service {

// The stream as it is with these conf keys.
using PlanWithKeys = std::function<absl::StatusOr<StreamPlan>(const StreamEntry& stream, const config::ConfKeys& keys)>;

using NameSet = std::set<std::string, std::less<>>;
using UsersByKey = std::map<std::string, std::vector<std::string>, std::less<>>;

// The names of the streams that take each of `keys`, in byte order, the first `limit` of each; every stream takes
// `default`. One pass over all streams. Any thread, if `next` is.
UsersByKey FindUsers(const NextStreams& next, const NameSet& keys, size_t limit);

// A change of conf keys.
struct KeyChange {
  const NameSet& changed;
  const config::ConfKeys& present;
  const config::ConfKeys& next;
};

// Plans with the next keys for all streams that take one of `changed`, by name. A stream that has no plan with the
// present keys either has a fault of its own, does not run, and is left out, unless the next keys are what gives it the
// other role. An error names the stream, and is about
// conf_key.settings where it was about the stream's.
absl::StatusOr<std::vector<StreamPlan>> PlanUsers(const NextStreams& next, const PlanWithKeys& plan,
                                                  const KeyChange& keys);

}  // namespace inlet::service

#endif  // INLET_SERVICE_CONF_KEY_USERS_H_
