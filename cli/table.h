// Rows of text in aligned columns.
#ifndef INLET_CLI_TABLE_H_
#define INLET_CLI_TABLE_H_

#include <string>
#include <vector>

namespace inlet::cli {

using Row = std::vector<std::string>;

// Columns are as wide as their widest cell, two spaces apart; cells that are numbers alone stand right if `numeric`
// names their column. Lines have no trailing spaces. Rows may be shorter than the first.
std::string FormatTable(const std::vector<Row>& rows, const std::vector<size_t>& numeric);

// 1234567 as 1,234,567.
std::string Grouped(uint64_t number);

// 65536 as 64 KiB, 1536 as 1.5 KiB.
std::string Bytes(uint64_t bytes);

}  // namespace inlet::cli

#endif  // INLET_CLI_TABLE_H_
