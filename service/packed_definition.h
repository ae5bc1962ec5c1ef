// The definition of a stream as it is kept for as long as the stream is there: packed.
#ifndef INLET_SERVICE_PACKED_DEFINITION_H_
#define INLET_SERVICE_PACKED_DEFINITION_H_

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "inlet/v1/inlet.pb.h"

namespace inlet::service {

// A message of protobuf takes several kilobytes in some hundred blocks where its bytes take some hundred bytes in one.
// What is looked up in walks over all streams is at hand; Unpack and Shown parse. A value: const on any thread.
class PackedDefinition {
 public:
  using Labels = std::map<std::string, std::string, std::less<>>;

  PackedDefinition() = default;
  // As StreamPlan::definition and StreamPlan::shown, which tell the same name, conf key, role, labels and sql.
  PackedDefinition(const v1::Stream& definition, const v1::Stream& shown);

  const std::string& name() const { return name_; }
  const std::string& conf_key() const { return conf_key_; }
  const std::string& sql() const { return sql_; }
  const Labels& labels() const { return labels_; }
  v1::Stream::Role role() const { return role_; }

  // Another statement for both.
  void set_sql(std::string sql) { sql_ = std::move(sql); }

  v1::Stream Unpack() const;  // as StreamPlan::definition: with secrets
  v1::Stream Shown() const;   // as StreamPlan::shown

 private:
  v1::Stream Parse(const std::string& bytes) const;

  std::string name_;
  std::string conf_key_;
  std::string sql_;
  Labels labels_;
  v1::Stream::Role role_ = v1::Stream::ROLE_UNSPECIFIED;
  std::string definition_;  // without sql, as is the next
  std::string shown_;
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_PACKED_DEFINITION_H_
