// Which fields of a stream an update takes.
#ifndef INLET_SERVICE_UPDATE_MASK_H_
#define INLET_SERVICE_UPDATE_MASK_H_

#include "absl/status/statusor.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::service {

// `present`, a definition as a caller sets it, with the fields of `request.stream` that its mask says; as the
// contract's UpdateStreamRequest.update_mask. Lists and maps are taken as a whole. A path may be written in any of the
// ways that JSON and protobuf know. What is output only among the fields is left alone. FIELD_INVALID (update_mask): a
// path that is unknown, with the nearest, or output only. NOT_IMPLEMENTED: the request has a field that this version
// does not know. Pure, any thread.
absl::StatusOr<v1::Stream> MergeUpdate(const v1::Stream& present, const v1::UpdateStreamRequest& request);

}  // namespace inlet::service

#endif  // INLET_SERVICE_UPDATE_MASK_H_
