// What the headers of a handshake may be.
#include "service/config/header_check.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>

#include "ingest/text.h"
#include "service/config/names.h"
#include "service/config/secret_references.h"

namespace inlet::config {
namespace {

constexpr size_t kMostHeaders = 64;
constexpr size_t kLongestValue = 8192;

// Inlet writes these itself, and a second one would break the handshake.
constexpr std::array<std::string_view, 8> kReserved = {
    "upgrade",        "connection",        "sec-websocket-key",       "sec-websocket-version", "sec-websocket-accept",
    "content-length", "transfer-encoding", "sec-websocket-extensions"};

// What stands before the secret in an Authorization, and is none itself.
constexpr std::array<std::string_view, 7> kSchemes = {"basic",  "bearer",    "digest", "token",
                                                      "apikey", "negotiate", "hmac"};

bool IsOneOf(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), Lower(name)) != names.end();
}

std::string_view WithoutSpaces(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string NameProblem(std::string_view name) {
  if (!IsToken(name)) return Concat({Shown(name), " is no name of a header: letters, digits and - without the colon"});
  if (!IsOneOf(name, kReserved)) return {};
  return Concat({Shown(name), " belongs to the handshake, which Inlet writes itself: leave it out"});
}

std::string AuthorizationProblem(std::string_view value) {
  const std::string_view word = WithoutSpaces(value);
  if (!word.empty() && !IsOneOf(word, kSchemes)) return {};
  return "is a scheme without a secret; in double quotes a shell eats ${...}: use single quotes, as in "
         "'Bearer ${env:INLET_SECRET_FEED}'";
}

std::string HeaderValueProblem(std::string_view name, std::string_view value) {
  const auto is_control = [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; };
  if (value.size() > kLongestValue) return "is longer than 8192 bytes";
  if (std::any_of(value.begin(), value.end(), is_control)) return "must not hold line breaks and control characters";
  if (std::string problem = ReferenceProblem(value); !problem.empty()) return problem;
  return EqualIgnoringCase(name, "Authorization") ? AuthorizationProblem(value) : std::string();
}

}  // namespace

bool IsToken(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  const auto is_allowed = [kMarks](char c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || (c >= '0' && c <= '9') || kMarks.find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_allowed);
}

std::string RequestHeaderProblem(const v1::SourceSettings& settings) {
  const std::map<std::string, std::string> headers(settings.request_header().begin(), settings.request_header().end());
  if (headers.size() > kMostHeaders) return "has more than 64 headers";
  std::set<std::string> names;
  for (const auto& [name, value] : headers) {
    if (std::string problem = NameProblem(name); !problem.empty()) return problem;
    if (!names.insert(Lower(name)).second) return Concat({"names ", Shown(name), " twice, in different cases"});
    const std::string problem = HeaderValueProblem(name, value);
    if (!problem.empty()) return Concat({"the value of ", Shown(name), " ", problem});
  }
  return {};
}

}  // namespace inlet::config
