// The command line of one verb. What CLI11 would complain about in its own words is found here first.
#include "cli/verb_parser.h"

#include <algorithm>
#include <optional>

#include "cli/address.h"
#include "cli/help.h"
#include "cli/words.h"
#include "ingest/nearest.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

constexpr std::string_view kNoMoreOptions = "--";

[[noreturn]] void Complain(const std::string& message) { throw CLI::ValidationError(message); }

}  // namespace

VerbParser::VerbParser(const std::string& verb, const std::string& description)
    : invocation_{std::string(kDefaultAddress), {}, VersionCommand{}}, app_(description, "inletctl " + verb) {
  app_.add_option("--address", invocation_.address, "The service's gRPC port (localhost:50051, or $INLET_ADDRESS)")
      ->envname("INLET_ADDRESS")
      ->option_text("HOST:PORT");
  app_.add_option("--timeout", timeout_, "How long to wait for an answer (10s)")->option_text("DURATION");
  app_.footer(std::string(Examples(verb)));
  app_.get_formatter()->column_width(30);
}

Invocation VerbParser::Parse(std::vector<std::string> arguments) {
  if (arguments == std::vector<std::string>{"--help"}) throw CLI::Success(app_.help(), CLI::ExitCodes::Success);
  CheckOptions(arguments);
  ParseRest(std::move(arguments));
  if (const std::string fault = AddressFault(invocation_.address); !fault.empty()) {
    Complain(Concat({"the address (--address, or INLET_ADDRESS): ", fault}));
  }
  invocation_.timeout = Timeout();
  return invocation_;
}

void VerbParser::CheckOptions(const std::vector<std::string>& arguments) const {
  for (size_t i = 0; i < arguments.size() && arguments[i] != kNoMoreOptions; ++i) {
    const size_t equals = arguments[i].find('=');
    const std::string name = arguments[i].substr(0, equals);
    const CLI::Option& option = FindOption(name);
    const bool wants_next = option.get_items_expected_min() > 0 && equals == std::string::npos;
    if (!wants_next) continue;
    const bool has_value = i + 1 < arguments.size() && arguments[i + 1] != kNoMoreOptions;
    if (!has_value) Complain(Concat({name, " needs a value: ", option.get_option_text()}));
    ++i;
  }
}

const CLI::Option& VerbParser::FindOption(const std::string& name) const {
  const bool is_short = !name.starts_with("--");
  if (const CLI::Option* option = app_.get_option_no_throw(is_short ? name.substr(0, 2) : name)) return *option;
  std::vector<std::string> names;
  for (const CLI::Option* option : app_.get_options()) {
    for (const std::string& known : option->get_lnames()) names.push_back(Concat({"--", known}));
  }
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  Complain(Concat({"unknown option ", name, DidYouMean(Nearest(name, candidates))}));
}

void VerbParser::ParseRest(std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());
  try {
    app_.parse(std::move(arguments));
  } catch (const CLI::ExtrasError&) {
    std::string extra;
    for (const std::string& word : app_.remaining()) {
      if (word != kNoMoreOptions) extra += Concat({extra.empty() ? "" : " ", word});
    }
    Complain(Concat({"there is more than is wanted: ", extra}));
  }
}

std::chrono::milliseconds VerbParser::Timeout() const {
  const std::optional<std::chrono::milliseconds> timeout = ParseDuration(timeout_);
  if (timeout && timeout->count() > 0) return *timeout;
  Complain(Concat({"--timeout: found \"", timeout_, "\"; give a duration of 1ms or more, such as 10s"}));
}

}  // namespace inlet::cli
