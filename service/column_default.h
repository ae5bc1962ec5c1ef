// Defaults of columns: from the contract's value and back, and as the JSON that a record gets.
#ifndef INLET_SERVICE_COLUMN_DEFAULT_H_
#define INLET_SERVICE_COLUMN_DEFAULT_H_

#include <optional>
#include <string>

#include "inlet/v1/inlet.pb.h"
#include "service/sql/statement.h"

namespace inlet::service {

// What `value` says for a column of this type; nothing if it is of another type, or no integer where one is needed. A
// number stands for an integer only below 2^53, where it cannot be the rounding of another one; a text is a FLOAT only
// where nothing is rounded. Pure, any thread.
std::optional<sql::DefaultValue> ReadDefault(sql::TypeKind kind, const google::protobuf::Value& value);

// A sentence: why ReadDefault gives nothing for `value`.
std::string WhyNoDefault(sql::TypeKind kind, const google::protobuf::Value& value);

// The one spelling of equal defaults: what ReadDefault reads back as `value`.
google::protobuf::Value ToValue(const sql::DefaultValue& value);

std::string ToJson(const sql::DefaultValue& value);

}  // namespace inlet::service

#endif  // INLET_SERVICE_COLUMN_DEFAULT_H_
