// How user names and passwords stand in URLs and headers. Pure functions, any thread.
#ifndef INLET_INGEST_WS_URL_TEXT_H_
#define INLET_INGEST_WS_URL_TEXT_H_

#include <string>
#include <string_view>

namespace inlet::ws {

std::string Base64(std::string_view text);

// With each %HH as the byte that it stands for; what is no code stays.
std::string PercentDecode(std::string_view text);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_URL_TEXT_H_
