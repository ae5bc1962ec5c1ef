// Rows of text in aligned columns.
#include "cli/table.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "ingest/text.h"

namespace inlet::cli {
namespace {

// In characters of UTF-8.
size_t Width(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::vector<size_t> Widths(const std::vector<Row>& rows) {
  std::vector<size_t> widths;
  for (const Row& row : rows) {
    if (widths.size() < row.size()) widths.resize(row.size());
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  return widths;
}

}  // namespace

std::string FormatTable(const std::vector<Row>& rows, const std::vector<size_t>& numeric) {
  const std::vector<size_t> widths = Widths(rows);
  std::string text;
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      const bool right = std::find(numeric.begin(), numeric.end(), i) != numeric.end();
      const std::string padding(widths[i] - Width(row[i]), ' ');
      text += Concat({i == 0 ? "" : "  ", right ? padding : "", row[i], right ? "" : padding});
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

std::string Grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string Bytes(uint64_t bytes) {
  constexpr std::array<std::string_view, 4> kUnits = {" KiB", " MiB", " GiB", " TiB"};
  if (bytes < 1024) return Concat({std::to_string(bytes), " bytes"});
  uint64_t tenths = bytes * 10 / 1024;
  size_t unit = 0;
  while (tenths >= 10240 && unit + 1 < kUnits.size()) {
    tenths /= 1024;
    ++unit;
  }
  const std::string fraction = tenths % 10 == 0 ? std::string() : Concat({".", std::to_string(tenths % 10)});
  return Concat({std::to_string(tenths / 10), fraction, kUnits[unit]});
}

}  // namespace inlet::cli
