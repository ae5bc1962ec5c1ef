// Streams of the client role, whole from their source to their log, behind proxies that spoil their connections.
#ifndef INLET_TESTS_INGEST_WS_FAULT_FIXTURE_H_
#define INLET_TESTS_INGEST_WS_FAULT_FIXTURE_H_

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ingest/publisher.h"
#include "ingest/record_log.h"
#include "ingest/stream.h"
#include "ingest/ws/client.h"
#include "inlet/v1/inlet.pb.h"
#include "tests/ingest/ws/client_dialer.h"
#include "tests/ingest/ws/eventually.h"

namespace inlet::ws {

class FaultTest : public testing::Test {
 protected:
  FaultTest();
  ~FaultTest() override;

  // For a stream that dials the port, and dials again within 2 ms.
  static ingest::ClientRole RoleTo(uint16_t port);
  // A running stream. It lives as long as the test.
  ingest::Stream& Start(const ingest::StreamSpec& spec);
  ingest::Stream& Start(const ingest::ClientRole& role);
  // All that its log has from an offset on; it must not have been evicted.
  static std::vector<v1::Record> Records(const ingest::Stream& stream, uint64_t from = 1);
  // As Records: a text for each, "gap" for gaps.
  static std::vector<std::string> Lines(const ingest::Stream& stream);
  // Empty: there is none.
  static std::string LastLine(const ingest::Stream& stream);
  static size_t CountGaps(const ingest::Stream& stream);
  // Waits up to 90 s for so many records, gaps too.
  static bool WaitForRecords(const ingest::Stream& stream, uint64_t count);

 private:
  void OnLoop(const std::function<void()>& task);

  ingest::Publisher publisher_;
  TableCredentials credentials_;
  EgressRules egress_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<LwsDialer> dialer_;
  std::unique_ptr<Client> client_;
  std::vector<std::unique_ptr<ingest::Stream>> streams_;
};

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_FAULT_FIXTURE_H_
