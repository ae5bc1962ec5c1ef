// The notices of a subscription, each a response of its own.
#ifndef INLET_SERVICE_RPC_NOTICES_H_
#define INLET_SERVICE_RPC_NOTICES_H_

#include <cstdint>
#include <string_view>

#include "ingest/log_position.h"
#include "ingest/record_log.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::rpc {

v1::Notice StartedNotice(std::string_view epoch, const ingest::LogBounds& bounds, uint64_t start_offset,
                         const ingest::LogState& state);
v1::Notice CaughtUpNotice(uint64_t next_offset);
v1::Notice GapNotice(const ingest::ReaderGap& gap);
// `sent_offset`: of the last record sent or skipped; 0: none.
v1::Notice HeartbeatNotice(std::string_view epoch, uint64_t sent_offset, const ingest::LogState& state);
v1::Notice EndingNotice(ingest::CloseReason reason, std::string_view stream);

// The error that a subscription ends with after EndingNotice.
absl::Status EndingStatus(ingest::CloseReason reason, std::string_view stream);

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_NOTICES_H_
