// Turns SIGINT, SIGTERM and a reader of our output that has gone into a request to stop.
#ifndef INLET_CLI_INTERRUPT_H_
#define INLET_CLI_INTERRUPT_H_

#include <atomic>
#include <thread>

#include "cli/stop.h"

namespace inlet::cli {

// Make it before any other thread: the signals are blocked, so that all threads inherit that and only this one sees
// them. A second signal ends the process at once.
class Interrupt {
 public:
  // `stop` outlives this. `output` is the file descriptor whose reader is watched.
  Interrupt(Stop& stop, int output);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // 0 if none came.
  int signal() const { return signal_.load(); }

 private:
  void Run();
  void OnSignal();

  Stop& stop_;
  int output_;
  int signals_;
  int wake_;
  std::atomic<int> signal_{0};
  std::thread thread_;
};

}  // namespace inlet::cli

#endif  // INLET_CLI_INTERRUPT_H_
