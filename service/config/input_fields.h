// What a caller sets of a stream, without what is output only.
#ifndef INLET_SERVICE_CONFIG_INPUT_FIELDS_H_
#define INLET_SERVICE_CONFIG_INPUT_FIELDS_H_

#include "inlet/v1/inlet.pb.h"

namespace inlet::config {

// A copy without the fields that are output only, and without groups of settings that set nothing. `sql` counts as
// output.
v1::Stream InputFieldsOf(const v1::Stream& stream);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_INPUT_FIELDS_H_
