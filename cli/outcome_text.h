// What a change made, or would make, of what it changes, in one line.
#ifndef INLET_CLI_OUTCOME_TEXT_H_
#define INLET_CLI_OUTCOME_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

namespace inlet::cli {

struct ChangeOutcome {
  std::string_view name;
  bool dry_run = false;
  bool was_there = true;
  // A secret reads the same before and after: only the etag tells. That of a dry run tells nothing.
  bool etag_stayed = false;
  std::vector<std::string> fields;   // that differ, by their paths
  std::vector<std::string> secrets;  // WrittenSecrets
};

// ": labels, settings.bearerTokens (a secret)"; empty if nothing is named. Whether a secret is another one is known
// only after a change, and if nothing else has changed.
std::string ChangesText(const std::vector<std::string>& fields, const std::vector<std::string>& secrets, bool dry_run);

// "updated demo: retention.maxRecords", "would create demo", and so on, with a newline.
std::string OutcomeText(const ChangeOutcome& outcome);

}  // namespace inlet::cli

#endif  // INLET_CLI_OUTCOME_TEXT_H_
