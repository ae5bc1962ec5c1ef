// Makes what a remote server says fit to be shown: no secrets, no control characters, no half characters, an end.
#ifndef INLET_INGEST_WS_SHOWN_TEXT_H_
#define INLET_INGEST_WS_SHOWN_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/credentials.h"
#include "ingest/stream_spec.h"

namespace inlet::ws {

// A server may send back what it was sent. Immutable.
class ShownText {
 public:
  static constexpr size_t kMaxLineBytes = 512;

  // Knows the values of the role's headers, query, proxy and references as they are now.
  ShownText(const ingest::ClientRole& role, const ingest::Credentials& credentials);

  // At most `limit` bytes of it, cut between two characters, each secret as <redacted>, also one that the server cut.
  std::string Show(std::string_view text, size_t limit = kMaxLineBytes) const;

  // As Show, line breaks and tabs kept. Empty: the text is not UTF-8.
  std::string ShowMessage(std::string_view text, size_t limit) const;

 private:
  void AddHeader(const ingest::HttpHeader& header, const ingest::Credentials& credentials);
  void AddUser(const std::string& user);
  void AddQuery(std::string_view target, std::string_view shown_url);
  void AddReferences(std::string_view text, const ingest::Credentials& credentials);
  void Add(std::string_view secret);
  // Of the beginning of `text`, more than `limit` bytes.
  std::string Hide(std::string_view text, size_t limit) const;

  std::vector<std::string> secrets_;  // the longest first
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_SHOWN_TEXT_H_
