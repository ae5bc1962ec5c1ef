// Notices of a subscription in words.
#ifndef INLET_CLI_NOTICE_TEXT_H_
#define INLET_CLI_NOTICE_TEXT_H_

#include <chrono>
#include <string>
#include <string_view>

#include "cli/outage.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::cli {

// Remembers what has been said, so that a heartbeat speaks only of news. One thread.
class NoticeText {
 public:
  explicit NoticeText(std::string stream) : stream_(std::move(stream)) {}

  // A sentence; empty if there is nothing to say.
  std::string Describe(const v1::Notice& notice);

  // That the call has ended and is made again; once for a reason until it starts again.
  std::string DescribeRetry(const Outage& outage);

 private:
  std::string DescribeStarted(const v1::Started& started);
  std::string DescribeHeartbeat(const v1::Heartbeat& heartbeat);

  std::string stream_;
  std::string state_;  // its reason, or its name
  std::string last_outage_;
  bool has_started_ = false;
};

// "EPOCH:OFFSET" of the record after the position: what --from takes.
std::string ResumePosition(const v1::Position& position);

// "250ms", "1.5s": for people.
std::string DurationText(std::chrono::milliseconds duration);

}  // namespace inlet::cli

#endif  // INLET_CLI_NOTICE_TEXT_H_
