// What each setting of a source may be, one by one.
#ifndef INLET_SERVICE_CONFIG_SETTING_VALUES_H_
#define INLET_SERVICE_CONFIG_SETTING_VALUES_H_

#include <string>

#include "inlet/v1/inlet.pb.h"
#include "service/config/scalars.h"

namespace inlet::config {

// What is wrong with the value of a field that is set, as the end of a sentence; empty if nothing is. A value that may
// be a secret is not repeated.
std::string ValueProblem(const v1::SourceSettings& settings, const google::protobuf::FieldDescriptor& field);

// What a field that is a number may be.
Range NumberRange(const google::protobuf::FieldDescriptor& field);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_SETTING_VALUES_H_
