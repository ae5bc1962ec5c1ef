// Notes which readers a log has woken.
#ifndef INLET_TESTS_FAKES_FAKE_WAKER_H_
#define INLET_TESTS_FAKES_FAKE_WAKER_H_

#include <memory>
#include <vector>

#include "ingest/record_log.h"

namespace inlet::ingest {

class FakeWaker : public LogWaker {
 public:
  void Wake(std::vector<std::shared_ptr<LogReader>> readers) override {
    ++calls;
    woken.insert(woken.end(), readers.begin(), readers.end());
  }

  int calls = 0;
  std::vector<std::shared_ptr<LogReader>> woken;
};

}  // namespace inlet::ingest

#endif  // INLET_TESTS_FAKES_FAKE_WAKER_H_
