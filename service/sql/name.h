// What names may look like: of streams [A-Za-z][A-Za-z0-9_-]{0,62}, of columns any text that is short and on one line.
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

// A clause that continues `the column name "x" ...`; nothing if the name, which is UTF-8, is good. Pure.
std::optional<std::string> FindColumnNameFault(std::string_view name);

// Whether a statement takes the column name without back-quotes: [A-Za-z_][A-Za-z0-9_-]*. Pure.
bool IsPlainColumnName(std::string_view name);

}  // namespace inlet::sql

#endif  // INLET_SERVICE_SQL_NAME_H_
