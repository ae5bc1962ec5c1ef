// What the loop promises: order, time, publishing, and an end that leaves nothing behind.
#include "ingest/ws/event_loop.h"

#include <gtest/gtest.h>
#include <libwebsockets.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ingest/ws/context.h"
#include "ingest/ws/protocol.h"

namespace inlet::ws {
namespace {

using std::chrono::milliseconds;

std::unique_ptr<EventLoop> MakeLoop(std::function<void()> publish = nullptr) {
  return *EventLoop::Create({std::move(publish)});
}

// Keeps every turn of the loop busy, so that libev never runs an idle watcher.
void KeepBusy(EventLoop& loop, const std::atomic<bool>& stop) {
  loop.Post([&loop, &stop] {
    if (!stop) KeepBusy(loop, stop);
  });
}

TEST(EventLoop, RunsPostsInTheirOrderInItsOwnThread) {
  const auto loop = MakeLoop();
  std::vector<int> order;
  for (int i = 0; i < 3; ++i) loop->Post([&, i] { order.push_back(loop->InLoopThread() ? i : -1); });
  EXPECT_EQ(loop->posts_pending(), 3U);
  loop->Start();
  loop->Post([&] { order.push_back(3); });
  EXPECT_TRUE(loop->Call([] { return absl::OkStatus(); }).ok());
  EXPECT_FALSE(loop->InLoopThread());
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3}));
  EXPECT_EQ(loop->posts_pending(), 0U);
}

TEST(EventLoop, CallBringsBackTheResult) {
  const auto loop = MakeLoop();
  loop->Start();
  EXPECT_EQ(loop->Call([] { return absl::NotFoundError("x"); }).message(), "x");
}

TEST(EventLoop, CallAfterTheEndIsUnavailable) {
  const auto loop = MakeLoop();
  loop->Start();
  loop->Stop();
  bool ran = false;
  EXPECT_EQ(loop->Call([&] {
                  ran = true;
                  return absl::OkStatus();
                })
                .code(),
            absl::StatusCode::kUnavailable);
  EXPECT_FALSE(ran);
}

TEST(EventLoop, APostAfterTheEndIsDestroyedUnrun) {
  const auto loop = MakeLoop();
  loop->Start();
  loop->Stop();
  auto token = std::make_shared<int>(0);
  loop->Post([token] { FAIL(); });
  EXPECT_EQ(token.use_count(), 1);
  EXPECT_EQ(loop->posts_pending(), 0U);
}

TEST(EventLoop, StopRunsWhatWasPostedBefore) {
  const auto loop = MakeLoop();
  loop->Start();
  int ran = 0;
  // A post of a post, too.
  loop->Post([&] { loop->Post([&] { ++ran; }); });
  for (int i = 0; i < 100; ++i) loop->Post([&] { ++ran; });
  loop->Stop();
  loop->Stop();
  EXPECT_EQ(ran, 101);
}

TEST(EventLoop, ExitTasksRunInTheLoopTheLastOneFirst) {
  const auto loop = MakeLoop();
  loop->Start();
  std::string order;
  loop->Post([&] {
    loop->AtExit([&] { order += loop->InLoopThread() ? 'a' : '?'; });
    loop->AtExit([&] { loop->Post([&] { order += 'c'; }); });
    loop->AtExit([&] { order += 'b'; });
  });
  loop->Stop();
  EXPECT_EQ(order, "bac");
}

TEST(EventLoop, ATimerRunsOnceAfterItsDelay) {
  const auto loop = MakeLoop();
  loop->Start();
  std::unique_ptr<ingest::Timer> timer;
  std::promise<std::chrono::steady_clock::duration> waited;
  const auto begin = std::chrono::steady_clock::now();
  loop->Post([&] {
    timer = loop->RunAfter(milliseconds(20), [&] {
      timer.reset();  // from inside itself
      waited.set_value(std::chrono::steady_clock::now() - begin);
    });
  });
  EXPECT_GE(waited.get_future().get(), milliseconds(19));
}

TEST(EventLoop, ADestroyedTimerDoesNotRun) {
  const auto loop = MakeLoop();
  loop->Start();
  bool first = false;
  std::promise<void> second_ran;
  std::unique_ptr<ingest::Timer> second;
  loop->Post([&] {
    auto destroyed = loop->RunAfter(milliseconds(1), [&] { first = true; });
    second = loop->RunAfter(milliseconds(20), [&] { second_ran.set_value(); });
  });
  second_ran.get_future().wait();
  loop->Post([&] { second.reset(); });
  loop->Stop();
  EXPECT_FALSE(first);
}

TEST(EventLoop, PublishesWhatATurnAppendedBeforeItSleeps) {
  int appended = 0;
  std::promise<int> published;
  const auto loop = MakeLoop([&] {
    if (appended > 0) published.set_value(std::exchange(appended, 0));
  });
  loop->Start();
  loop->Post([&] {
    appended = 7;
    // Nothing else wakes the loop: it must publish without another event.
  });
  EXPECT_EQ(published.get_future().get(), 7);
}

TEST(EventLoop, PublishesOnceMoreAtTheEnd) {
  bool appended = false;
  bool published = false;
  const auto loop = MakeLoop([&] { published = published || appended; });
  loop->Start();
  loop->Post([&] { loop->AtExit([&] { appended = true; }); });
  loop->Stop();
  EXPECT_TRUE(published);
}

TEST(EventLoop, TheTimeStandsStillInATurnAndMovesBetweenTurns) {
  const auto loop = MakeLoop();
  loop->Start();
  std::promise<void> done;
  std::unique_ptr<ingest::Timer> timer;
  loop->Post([&] {
    const ingest::WallTime first = loop->TurnTime();
    const ingest::SteadyTime steady = loop->TurnSteadyTime();
    EXPECT_GT(first.time_since_epoch().count(), 0);
    while (std::chrono::steady_clock::now() < steady + milliseconds(2)) {
    }
    EXPECT_EQ(loop->TurnTime(), first);
    timer = loop->RunAfter(milliseconds(1), [&, steady] {
      EXPECT_GT(loop->TurnSteadyTime(), steady);
      timer.reset();
      done.set_value();
    });
  });
  done.get_future().wait();
}

struct LibwebsocketsTimer {
  lws_sorted_usec_list_t entry{};  // first: the callback gets its address
  std::promise<void> ran;
};

void Schedule(lws_context* context, LibwebsocketsTimer& timer) {
  lws_sul_schedule(
      context, 0, &timer.entry,
      [](lws_sorted_usec_list_t* entry) { reinterpret_cast<LibwebsocketsTimer*>(entry)->ran.set_value(); },
      10 * LWS_US_PER_MS);
}

// libwebsockets arms its timer in an idle watcher, which a busy loop never runs.
TEST(Context, TimersOfLibwebsocketsRunWhileTheLoopIsBusy) {
  LibwebsocketsTimer idle_timer;
  LibwebsocketsTimer busy_timer;
  const auto loop = MakeLoop();
  loop->Start();
  std::atomic<bool> stop{false};
  const ServerProtocol protocol;
  std::unique_ptr<Context> context;
  loop->Post([&] {
    context = *Context::Create(*loop, {protocol.table(), std::chrono::seconds(10)});
    loop->AtExit([&] {
      lws_sul_cancel(&idle_timer.entry);
      lws_sul_cancel(&busy_timer.entry);
      context.reset();
    });
    Schedule(context->handle(), idle_timer);
  });
  // Idle turns come before, as they do in a loop that has a listener and no connection yet.
  EXPECT_EQ(idle_timer.ran.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  KeepBusy(*loop, stop);
  loop->Post([&] { Schedule(context->handle(), busy_timer); });
  EXPECT_EQ(busy_timer.ran.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  stop = true;
  loop->Stop();
}

}  // namespace
}  // namespace inlet::ws
