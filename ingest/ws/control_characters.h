// Keeps what a stranger writes from steering the terminal of whoever reads it. Pure.
#ifndef INLET_INGEST_WS_CONTROL_CHARACTERS_H_
#define INLET_INGEST_WS_CONTROL_CHARACTERS_H_

#include <algorithm>
#include <string>

namespace inlet::ws {

inline bool IsControl(char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F; }

// Each of them as a question mark.
inline std::string WithoutControls(std::string text) {
  std::ranges::replace_if(text, IsControl, '?');
  return text;
}

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_CONTROL_CHARACTERS_H_
