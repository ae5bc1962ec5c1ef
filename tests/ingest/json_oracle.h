// A second opinion on JSON, by nlohmann: is it valid, what does it say, and can google.protobuf.Struct say it exactly.
#ifndef INLET_TESTS_INGEST_JSON_ORACLE_H_
#define INLET_TESTS_INGEST_JSON_ORACLE_H_

#include <google/protobuf/struct.pb.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace inlet::ingest {

struct Opinion {
  bool valid = false;
  bool exact = false;  // Struct says the same: no number that a double does not hold, not too deep
};
Opinion Judge(std::string_view text);

// True for texts that nlohmann may judge otherwise than RFC 8259: halves of surrogate pairs, numbers beyond a double, a
// byte order mark, a NUL (which it takes for the end).
bool JudgedOtherwise(std::string_view text);

// Whether `data` says what `text` says to nlohmann. `text` must be valid.
bool SaysTheSame(const google::protobuf::Struct& data, std::string_view text);

// Makes up JSON objects that are small and odd.
class RandomJson {
 public:
  explicit RandomJson(uint64_t seed) : random_(seed) {}

  std::string Object();
  // A valid object with some bytes changed, moved or lost.
  std::string Mutated();
  uint32_t Below(uint32_t bound) { return static_cast<uint32_t>(random_() % bound); }

 private:
  std::string Value(uint32_t depth);
  std::string Container(uint32_t depth, bool object);
  std::string Number();
  std::string Digits(uint32_t most);
  std::string String();
  std::string Space();

  std::mt19937_64 random_;
};

}  // namespace inlet::ingest

#endif  // INLET_TESTS_INGEST_JSON_ORACLE_H_
