// What the contract shows of a stream.
#ifndef INLET_SERVICE_RPC_CONVERT_H_
#define INLET_SERVICE_RPC_CONVERT_H_

#include "google/protobuf/timestamp.pb.h"
#include "ingest/loop.h"
#include "ingest/stream.h"
#include "inlet/v1/inlet.pb.h"
#include "service/stream_registry.h"

namespace inlet::rpc {

google::protobuf::Timestamp ToTimestamp(ingest::WallTime time);

v1::StreamStatus ToStatus(const ingest::StreamSnapshot& snapshot);

// Definition and status, secrets redacted. Of an entry that was only validated: the definition.
v1::Stream ToStream(const service::StreamEntry& entry);

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_CONVERT_H_
