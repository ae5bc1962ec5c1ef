// What a change made, or would make, of what it changes, in one line.
#include "cli/outcome_text.h"

#include <algorithm>

#include "ingest/text.h"

namespace inlet::cli {
namespace {

// Whether one of the fields is it, or holds it.
bool IsNamed(const std::string& secret, const std::vector<std::string>& fields) {
  return std::any_of(fields.begin(), fields.end(), [&secret](const std::string& field) {
    return secret == field || secret.starts_with(Concat({field, "."}));
  });
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += Concat({joined.empty() ? "" : ", ", text});
  return joined;
}

}  // namespace

std::string ChangesText(const std::vector<std::string>& fields, const std::vector<std::string>& secrets, bool dry_run) {
  const bool is_known = fields.empty() && secrets.size() == 1;
  const std::string_view remark = dry_run    ? " (a secret, not compared)"
                                  : is_known ? " (a secret)"
                                             : " (a secret, sent)";
  std::vector<std::string> changes = fields;
  for (const std::string& secret : secrets) {
    if (!IsNamed(secret, fields)) changes.push_back(Concat({secret, remark}));
  }
  return changes.empty() ? std::string() : Concat({": ", Joined(changes)});
}

std::string OutcomeText(const ChangeOutcome& outcome) {
  if (!outcome.was_there) return Concat({outcome.dry_run ? "would create " : "created ", outcome.name, "\n"});
  const bool is_same = outcome.dry_run ? outcome.fields.empty() : outcome.etag_stayed;
  const bool may_differ = outcome.dry_run && !outcome.secrets.empty();
  if (is_same && may_differ) {
    return Concat(
        {outcome.name, " would stay as it is, unless a secret is another one: ", Joined(outcome.secrets), "\n"});
  }
  if (is_same) return Concat({outcome.name, outcome.dry_run ? " would stay as it is\n" : " is as it was\n"});
  return Concat({outcome.dry_run ? "would update " : "updated ", outcome.name,
                 ChangesText(outcome.fields, outcome.secrets, outcome.dry_run), "\n"});
}

}  // namespace inlet::cli
