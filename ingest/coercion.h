// A scalar of a message as the type of its column writes it.
#ifndef INLET_INGEST_COERCION_H_
#define INLET_INGEST_COERCION_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/compiled_schema.h"
#include "ingest/instant.h"

namespace inlet::ingest {

// What is written for a value. The view lives as long as what was coerced, and until the next call.
struct Written {
  std::string_view json;  // JSON, or what goes between the quotes of a string; kPadding bytes after it are readable
  bool quoted = false;    // in quotes
  bool possible = true;   // false: the value does not fit
};

// Not thread-safe; allocates only for strings with escapes that must be read, longer than any before.
class Coercion {
 public:
  // Bytes that may be read after what is given and what is returned.
  static constexpr size_t kPadding = 32;

  // `scalar`: the JSON text of a null, a boolean, a number or a string. What comes of it where the kind of value is
  // another than the column's, unless `strict`, which takes none of this and no null:
  //   BIGINT    an integer of 64 bits with a sign as 123, however it is written (1e3, 5.0), in a string too
  //   FLOAT     the number that is the whole of a string, as it is written there
  //   STRING    a number and a boolean as the text that they are
  //   DATETIME  an integer of milliseconds as BIGINT takes it; strings (RFC 3339, or the schema's format) stay
  //   BOOLEAN   0 and 1, however they are written; "true" and "false"
  //   BYTEA     nothing but strings of standard base64 with its padding, which stay
  // A null stays null. Strict numbers of BIGINT and DATETIME are written without fraction and exponent: who writes 5.0
  // does not mean an integer.
  Written Coerce(const CompiledType& type, std::string_view scalar, bool strict);

  // The time that what was written says, by time_value.h. Nothing if it is neither a number nor a string.
  std::optional<Instant> ReadTime(const TimeFormat* format, Written written);
  // The time that `string` says, if a DATETIME keeps it as the text of that time; nothing says nothing.
  std::optional<Instant> ReadKeptTime(const TimeFormat* format, std::string_view string);

 private:
  Written CoerceNumber(const CompiledType& type, std::string_view number, bool strict);
  Written CoerceString(const CompiledType& type, std::string_view string, bool strict);
  Written CoerceBoolean(const CompiledType& type, std::string_view boolean, bool strict) const;
  Written CoerceText(const CompiledType& type, std::string_view text);
  Written Integer(std::string_view number, bool strict, bool is_time);
  // What a string says.
  std::string_view TextOf(std::string_view string);

  std::array<char, 64> digits_{};
  std::string unescaped_;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_COERCION_H_
