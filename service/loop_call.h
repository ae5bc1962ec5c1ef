// Runs something on a loop's thread and waits for its result.
#ifndef INLET_SERVICE_LOOP_CALL_H_
#define INLET_SERVICE_LOOP_CALL_H_

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "ingest/loop.h"

namespace inlet::service {

// What `call` returned on the loop's thread; nothing if the loop has stopped and did not run it. Blocks; never from the
// loop's own thread.
template <typename Result>
std::optional<Result> CallOnLoop(ingest::Loop& loop, std::function<Result()> call) {
  struct Reply {
    std::promise<std::optional<Result>> promise;
    bool sent = false;
    ~Reply() {
      if (!sent) promise.set_value(std::nullopt);
    }
  };
  auto reply = std::make_shared<Reply>();
  std::future<std::optional<Result>> result = reply->promise.get_future();
  loop.Post([reply = std::move(reply), call = std::move(call)] {
    std::optional<Result> value(call());
    reply->sent = true;
    reply->promise.set_value(std::move(value));
  });
  return result.get();
}

// False if the loop has stopped and did not run `call`.
inline bool RunOnLoop(ingest::Loop& loop, std::function<void()> call) {
  return CallOnLoop<bool>(loop,
                          [call = std::move(call)] {
                            call();
                            return true;
                          })
      .has_value();
}

}  // namespace inlet::service

#endif  // INLET_SERVICE_LOOP_CALL_H_
