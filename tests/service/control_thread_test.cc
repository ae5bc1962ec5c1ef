// What the control thread promises to those who post.
#include "service/control_thread.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "ingest/error.h"

namespace inlet::service {
namespace {

TEST(ControlThread, RunsTasksOneAtATimeInOrder) {
  std::vector<int> order;
  std::atomic<int> running{0};
  bool overlapped = false;
  ControlThread control({});
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(control
                    .Post([&, i] {
                      overlapped = overlapped || running.fetch_add(1) != 0;
                      order.push_back(i);
                      running.fetch_sub(1);
                    })
                    .ok());
  }
  control.Stop();
  EXPECT_FALSE(overlapped);
  ASSERT_EQ(order.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<size_t>(i)], i);
}

TEST(ControlThread, RefusesWhatIsAboveTheLimitAndSaysWhen) {
  std::promise<void> started;
  std::promise<void> go_on;
  std::future<void> may_go_on = go_on.get_future();
  ControlThread control({.max_tasks = 2});  // ends its thread before what that uses goes
  ASSERT_TRUE(control
                  .Post([&] {
                    started.set_value();
                    may_go_on.wait();
                  })
                  .ok());
  started.get_future().wait();
  EXPECT_TRUE(control.Post([] {}).ok());
  EXPECT_TRUE(control.Post([] {}).ok());
  const absl::Status refused = control.Post([] {});
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorDetail(refused).reason, "LIMIT_REACHED");
  EXPECT_EQ(GetErrorDetail(refused).metadata.front().second, "waitingCalls");
  EXPECT_GT(GetErrorDetail(refused).retry_delay.count(), 0);
  EXPECT_TRUE(control.PostAlways([] {}).ok());
  go_on.set_value();
}

TEST(ControlThread, StopRunsWhatWaitsAndRefusesWhatFollows) {
  int ran = 0;
  ControlThread control({});
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(control.Post([&ran] { ++ran; }).ok());
  control.Stop();
  EXPECT_EQ(ran, 10);
  const absl::Status late = control.Post([&ran] { ++ran; });
  EXPECT_EQ(late.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorDetail(late).reason, "DRAINING");
  EXPECT_EQ(ran, 10);
}

TEST(ControlThread, TicksWhileIdle) {
  std::promise<void> ticked;
  int ticks = 0;
  ControlThread control({.period = std::chrono::milliseconds(1), .tick = [&] {
                           if (++ticks == 3) ticked.set_value();
                         }});
  EXPECT_EQ(ticked.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

TEST(ControlThread, TicksWhileItAlwaysHasSomethingToDo) {
  std::promise<void> ticked;
  int ticks = 0;
  ControlThread control({.period = std::chrono::milliseconds(1), .tick = [&] {
                           if (++ticks == 3) ticked.set_value();
                         }});
  std::function<void()> busy = [&] {
    if (ticks >= 3) return;
    EXPECT_TRUE(control.Post(busy).ok());
  };
  ASSERT_TRUE(control.Post(busy).ok());
  EXPECT_EQ(ticked.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  control.Stop();
}

}  // namespace
}  // namespace inlet::service
