// The definition of a stream as it is kept for as long as the stream is there: packed.
#include "service/packed_definition.h"

namespace inlet::service {
namespace {

std::string Pack(v1::Stream stream) {
  stream.clear_sql();
  return stream.SerializeAsString();
}

}  // namespace

PackedDefinition::PackedDefinition(const v1::Stream& definition, const v1::Stream& shown)
    : name_(definition.name()),
      conf_key_(definition.conf_key()),
      sql_(definition.sql()),
      labels_(definition.labels().begin(), definition.labels().end()),
      role_(definition.role()),
      definition_(Pack(definition)),
      shown_(Pack(shown)) {}

v1::Stream PackedDefinition::Unpack() const { return Parse(definition_); }

v1::Stream PackedDefinition::Shown() const { return Parse(shown_); }

v1::Stream PackedDefinition::Parse(const std::string& bytes) const {
  v1::Stream stream;
  static_cast<void>(stream.ParseFromString(bytes));  // cannot fail: they are our own
  stream.set_sql(sql_);
  return stream;
}

}  // namespace inlet::service
