// What a change made, or would make, of what it changes, in one line.
#include "cli/outcome_text.h"

#include "ingest/text.h"

namespace inlet::cli {

std::string OutcomeText(const ChangeOutcome& outcome) {
  if (!outcome.was_there) return Concat({outcome.dry_run ? "would create " : "created ", outcome.name, "\n"});
  const bool is_same = outcome.dry_run ? outcome.fields.empty() : outcome.etag_stayed;
  if (is_same) return Concat({outcome.name, outcome.dry_run ? " would stay as it is\n" : " is as it was\n"});
  std::string text = Concat({outcome.dry_run ? "would update " : "updated ", outcome.name});
  for (size_t i = 0; i < outcome.fields.size(); ++i) text += Concat({i == 0 ? ": " : ", ", outcome.fields[i]});
  return text + "\n";
}

}  // namespace inlet::cli
