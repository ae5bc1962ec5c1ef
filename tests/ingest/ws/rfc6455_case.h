// One row of the RFC 6455 tables: what a peer sends to Inlet on an open connection, and all that must come of it.
#ifndef INLET_TESTS_INGEST_WS_RFC6455_CASE_H_
#define INLET_TESTS_INGEST_WS_RFC6455_CASE_H_

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/ingest/ws/raw_peer.h"

namespace inlet::ws {

enum class End {
  kOpen,   // the connection stays: a ping at the end is answered
  kClose,  // a close frame with `code`; 0: without a code
  kCut,    // the connection ends without a close frame
};

struct Outcome {
  End end = End::kOpen;
  uint16_t code = 0;
  std::string_view instead_of = {};  // as in Rfc6455Case
};

struct Rfc6455Case {
  std::string name;                        // begins with the section that it proves
  std::vector<std::string> sent;           // each in a segment of its own, as a client sends it: see AsServerSends
  std::vector<std::string> messages = {};  // text that is delivered, in order
  End end = End::kOpen;
  uint16_t code = 0;
  std::vector<std::string> pongs = {};    // their payloads, in order
  std::vector<std::string> binary = {};   // sizes of binary messages
  std::string_view instead_of = {};       // what the RFC demands, where the library does something else
  bool wait_for_each_pong = false;        // before the next segment
  bool about_masks = false;               // says nothing of the other role; its masks stay on
  std::optional<Outcome> as_client = {};  // where Inlet's client role does not end as its server role does
};

// "kClose" with a code, for the tables.
inline Rfc6455Case Closed(std::string name, uint16_t code, std::vector<std::string> sent,
                          std::vector<std::string> messages = {}) {
  return {.name = std::move(name),
          .sent = std::move(sent),
          .messages = std::move(messages),
          .end = End::kClose,
          .code = code};
}

std::vector<Rfc6455Case> FramingCases();
std::vector<Rfc6455Case> FragmentCases();
std::vector<Rfc6455Case> ControlCases();
std::vector<Rfc6455Case> CloseCases();
std::vector<Rfc6455Case> TextCases();

// Each byte in a segment of its own.
std::vector<std::string> Bytes(std::string_view text);

// The same bytes without their masks, in the same segments; one that held nothing but a part of a mask is left out. The
// last frame may be cut short.
std::vector<std::string> AsServerSends(const std::vector<std::string>& segments);

// Expects the connection to end so. `last`: the frame that was read last, if any.
void ExpectEnd(const Outcome& outcome, const RawPeer& peer, const std::optional<ReceivedFrame>& last);

// For GoogleTest's messages.
void PrintTo(const Rfc6455Case& row, std::ostream* out);

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_RFC6455_CASE_H_
