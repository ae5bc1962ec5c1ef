// Finds the valid name that a misspelt one most likely means: optimal string alignment distance, case ignored.
#include "ingest/nearest.h"

#include <algorithm>
#include <vector>

#include "ingest/text.h"

namespace inlet {
namespace {

constexpr size_t kLongestWord = 64;

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> above(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

std::string Completion(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr size_t kShortestPrefix = 3;
  if (word.size() < kShortestPrefix) return {};
  for (const std::string_view candidate : candidates) {
    if (Lower(candidate).starts_with(word)) return std::string(candidate);
  }
  return {};
}

}  // namespace

std::string Nearest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > kLongestWord) return {};
  const std::string wanted = Lower(word);
  size_t best_distance = std::max<size_t>(1, word.size() / 3);
  std::string best;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kLongestWord) continue;
    const size_t distance = Distance(wanted, Lower(candidate));
    // A word that shares no letter is never what was meant, however short both are.
    if (distance >= std::max(word.size(), candidate.size())) continue;
    if (distance < best_distance || (distance == best_distance && best.empty())) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best.empty() ? Completion(wanted, candidates) : best;
}

std::string DidYouMean(std::string_view nearest) {
  return nearest.empty() ? std::string() : Concat({"; did you mean \"", nearest, "\"?"});
}

}  // namespace inlet
