// What goes to standard error, and whether there are colours.
#include "cli/terminal.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "cli/arguments.h"
#include "cli/service_error.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kPlain = "\x1b[0m";

void PrintLine(std::string_view colour, std::string_view text) {
  const bool coloured = HasColours(STDERR_FILENO);
  const std::string line =
      Concat({coloured ? colour : "", Harmless(text), coloured ? kPlain : std::string_view(), "\n"});
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

std::string Harmless(std::string_view text) {
  std::string harmless(text);
  for (char& c : harmless) {
    const bool is_control = static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
    if (is_control || c == 0x7F) c = '?';
  }
  return harmless;
}

bool HasColours(int file_descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool refused = no_color != nullptr && *no_color != '\0';
  const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return !refused && !dumb && isatty(file_descriptor) == 1;
}

void PrintNotice(std::string_view text) { PrintLine(kDim, text); }

void PrintError(std::string_view text) { PrintLine(kRed, text); }

int PrintStatus(const grpc::Status& status, const Invocation& invocation) {
  PrintError(ErrorText(status, invocation));
  if (const std::string hint = ErrorHint(status, invocation); !hint.empty()) PrintLine("", hint);
  return kExitError;
}

}  // namespace inlet::cli
