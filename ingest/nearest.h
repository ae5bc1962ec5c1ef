// Finds the valid name that a misspelt one most likely means.
#ifndef INLET_INGEST_NEAREST_H_
#define INLET_INGEST_NEAREST_H_

#include <span>
#include <string>
#include <string_view>

namespace inlet {

// The candidate with the fewest edits (insert, delete, replace, swap two neighbours; case does not count), or one that
// `word` begins. The first of equals; empty if none is near, or `word` is longer than 64 bytes. Pure; any thread.
std::string Nearest(std::string_view word, std::span<const std::string_view> candidates);

// For messages: `; did you mean "TYPE"?`, or nothing if `nearest` is empty.
std::string DidYouMean(std::string_view nearest);

}  // namespace inlet

#endif  // INLET_INGEST_NEAREST_H_
