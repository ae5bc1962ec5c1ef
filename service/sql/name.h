// What a name of a stream or a conf key may look like: [A-Za-z][A-Za-z0-9_-]{0,62}.
#ifndef INLET_SERVICE_SQL_NAME_H_
#define INLET_SERVICE_SQL_NAME_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace inlet::sql {

struct NameFault {
  // A clause that continues `the stream name "x" ...`.
  std::string message;
  // Of the byte at fault, from 0.
  size_t offset = 0;
};

// Nothing if the name is good. Pure.
std::optional<NameFault> FindNameFault(std::string_view name);

}  // namespace inlet::sql

#endif  // INLET_SERVICE_SQL_NAME_H_
