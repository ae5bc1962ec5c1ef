// Strings of JSON: from their text to what they say, and back.
#ifndef INLET_INGEST_JSON_STRING_H_
#define INLET_INGEST_JSON_STRING_H_

#include <string>
#include <string_view>

namespace inlet::ingest {

// Appends `text` in quotes, escaped where JSON needs it and nowhere else.
void AppendJsonString(std::string_view text, std::string& out);

// The escape of a byte, such as "\\n". Empty: the byte stands for itself.
std::string_view JsonEscape(char byte);

// Whether each backslash in `json` begins an escape of JSON. (Half a surrogate pair is one.)
bool EscapesAreValid(std::string_view json);

// Appends what `content`, the text between the quotes of a valid string, says, as UTF-8. Half a surrogate pair is
// written as the three bytes that its number would have, which are in no valid UTF-8.
void AppendUnescaped(std::string_view content, std::string& out);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_JSON_STRING_H_
