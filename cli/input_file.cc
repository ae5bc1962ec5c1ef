// Reads what the user named as input.
#include "cli/input_file.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

#include "cli/terminal.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

std::string ReadAll(std::istream& in) { return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}; }

std::nullopt_t CannotRead(const std::string& path, int error) {
  PrintError(Concat({"cannot read ", path, ": ", std::generic_category().message(error)}));
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ReadInput(const std::string& path) {
  if (path == "-") return ReadAll(std::cin);
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return CannotRead(path, EISDIR);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return CannotRead(path, errno);
  return ReadAll(file);
}

}  // namespace inlet::cli
