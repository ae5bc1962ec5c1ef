// What to change so that a dial succeeds, in words that name the setting. Pure functions, any thread.
#ifndef INLET_INGEST_WS_DIAL_HINT_H_
#define INLET_INGEST_WS_DIAL_HINT_H_

#include <cstdint>
#include <string>

#include "ingest/stream_spec.h"
#include "ingest/ws/dial.h"

namespace inlet::ws {

// How the stream was set when it failed.
struct HintContext {
  const ingest::ClientRole& role;
  const ingest::ConnectionSettings& connection;
};

// One sentence, without a full stop: what was found, and which setting to change. Shows of the server's own words only
// what `failure` and `facts` hold.
std::string HintFor(const DialFailure& failure, const DialFacts& facts, const HintContext& context);

// Why no message came of a connection that was opened.
struct MessageFailure {
  enum class Problem {
    kSilence,      // nothing within the time
    kOnlyBinary,   // messages, but no text
    kTooLarge,     // above maxMessageBytes
    kInvalidUtf8,  // a text that is none
    kClosed,       // the server hung up
    kReference,    // an open message refers to what yields nothing
    kNotSent,      // an open message found no room
    kNoMemory,     // for a message in parts
  };
  Problem problem = Problem::kSilence;
  uint16_t close_code = 0;  // kClosed
  std::string text;         // what happened, for a person
};

std::string HintForMessage(const MessageFailure& failure, const HintContext& context);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_DIAL_HINT_H_
