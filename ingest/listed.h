// Lists texts in a sentence.
#ifndef INLET_INGEST_LISTED_H_
#define INLET_INGEST_LISTED_H_

#include <string>
#include <vector>

namespace inlet {

// "a, b, c"; empty for none.
inline std::string Listed(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) {
    if (!text.empty()) text += ", ";
    text += item;
  }
  return text;
}

}  // namespace inlet

#endif  // INLET_INGEST_LISTED_H_
