// The loop of the data plane: how libev's watchers carry posts, timers and publishing.
#include "ingest/ws/event_loop.h"

#include <ev.h>
#include <pthread.h>

#include <cassert>
#include <csignal>
#include <future>
#include <utility>

namespace inlet::ws {
namespace {

thread_local const EventLoop* current_loop = nullptr;

class EvTimer final : public ingest::Timer {
 public:
  EvTimer(struct ev_loop* loop, double seconds, ingest::Loop::Task task) : loop_(loop), task_(std::move(task)) {
    // Times count from the beginning of the turn; without this a long turn would shorten the delay.
    ev_now_update(loop_);
    ev_timer_init(&watcher_, &EvTimer::OnDue, seconds, 0);
    watcher_.data = this;
    ev_timer_start(loop_, &watcher_);
  }
  ~EvTimer() override { ev_timer_stop(loop_, &watcher_); }
  EvTimer(const EvTimer&) = delete;
  EvTimer& operator=(const EvTimer&) = delete;

 private:
  static void OnDue(struct ev_loop* /*loop*/, ev_timer* watcher, int /*events*/) {
    // The task may destroy this timer.
    const ingest::Loop::Task task = std::move(static_cast<EvTimer*>(watcher->data)->task_);
    task();
  }

  struct ev_loop* const loop_;
  ev_timer watcher_{};
  ingest::Loop::Task task_;
};

// Signals are taken by the thread that waits for them, never by the loop's.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

EventLoop* Self(struct ev_loop* loop) { return static_cast<EventLoop*>(ev_userdata(loop)); }

}  // namespace

struct EventLoop::Watchers {
  ev_async posted{};
  ev_check begin{};  // after the poll
  ev_prepare end{};  // before the poll
};

absl::StatusOr<std::unique_ptr<EventLoop>> EventLoop::Create(Options options) {
  // Not libev's default loop, which takes SIGCHLD. The backend is named and LIBEV_FLAGS ignored.
  struct ev_loop* loop = ev_loop_new(static_cast<unsigned>(EVBACKEND_EPOLL) | static_cast<unsigned>(EVFLAG_NOENV));
  if (loop == nullptr)
    return absl::InternalError("the kernel gives no epoll descriptor: raise the limit of open files");
  return std::unique_ptr<EventLoop>(new EventLoop(std::move(options), loop));
}

EventLoop::EventLoop(Options options, struct ev_loop* loop)
    : options_(std::move(options)), loop_(loop), watchers_(std::make_unique<Watchers>()) {
  ev_set_userdata(loop_, this);
  ev_async_init(&watchers_->posted, [](struct ev_loop* l, ev_async*, int) { Self(l)->RunPosts(); });
  ev_check_init(&watchers_->begin, [](struct ev_loop* l, ev_check*, int) { Self(l)->BeginTurn(); });
  ev_prepare_init(&watchers_->end, [](struct ev_loop* l, ev_prepare*, int) { Self(l)->Publish(); });
  ev_set_priority(&watchers_->begin, EV_MAXPRI);
  ev_set_priority(&watchers_->end, EV_MINPRI);
  ev_async_start(loop_, &watchers_->posted);
  ev_check_start(loop_, &watchers_->begin);
  ev_prepare_start(loop_, &watchers_->end);
}

EventLoop::~EventLoop() {
  Stop();
  ev_async_stop(loop_, &watchers_->posted);
  ev_check_stop(loop_, &watchers_->begin);
  ev_prepare_stop(loop_, &watchers_->end);
  ev_loop_destroy(loop_);
}

void EventLoop::Start() {
  assert(!thread_.joinable());
  const SignalsBlocked blocked;
  thread_ = std::thread([this] { Run(); });
  pthread_setname_np(thread_.native_handle(), "inlet-loop");
}

void EventLoop::Stop() {
  assert(!InLoopThread());
  if (thread_.joinable()) {
    Post([this] {
      ending_ = true;
      ev_break(loop_, EVBREAK_ALL);
    });
    thread_.join();
  }
  std::vector<Task> never_run;
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  never_run.swap(posts_);  // destroyed after the lock
}

void EventLoop::Run() {
  current_loop = this;
  BeginTurn();
  RunPosts();
  if (!ending_) ev_run(loop_, 0);  // which forgets a break from before
  while (RunPosts()) {
  }
  RunExitTasks();
  while (RunPosts()) {
  }
  Publish();
  current_loop = nullptr;
}

void EventLoop::BeginTurn() {
  turn_time_ = std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
  turn_steady_time_ = std::chrono::steady_clock::now();
  // What idle watchers appended in the turn before.
  Publish();
}

void EventLoop::Post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;  // the caller's copy is destroyed after the lock
    posts_.push_back(std::move(task));
  }
  ev_async_send(loop_, &watchers_->posted);
}

bool EventLoop::RunPosts() {
  std::vector<Task> posts;
  {
    const std::lock_guard lock(mutex_);
    posts.swap(posts_);
  }
  for (Task& post : posts) {
    post();
    post = nullptr;  // what it holds goes before the next one runs
  }
  return !posts.empty();
}

void EventLoop::RunExitTasks() {
  while (!exit_tasks_.empty()) {
    const Task task = std::move(exit_tasks_.back());
    exit_tasks_.pop_back();
    task();
  }
}

absl::Status EventLoop::Call(std::function<absl::Status()> task) {
  assert(!InLoopThread());
  auto result = std::make_shared<std::promise<absl::Status>>();
  std::future<absl::Status> future = result->get_future();
  Post([result = std::move(result), task = std::move(task)] { result->set_value(task()); });
  try {
    return future.get();
  } catch (const std::future_error&) {  // the promise was destroyed with the post
    return absl::UnavailableError("the event loop has stopped");
  }
}

std::unique_ptr<ingest::Timer> EventLoop::RunAfter(std::chrono::nanoseconds delay, Task task) {
  assert(InLoopThread());
  return std::make_unique<EvTimer>(loop_, std::chrono::duration<double>(delay).count(), std::move(task));
}

bool EventLoop::InLoopThread() const { return current_loop == this; }

size_t EventLoop::posts_pending() const {
  const std::lock_guard lock(mutex_);
  return posts_.size();
}

void EventLoop::AtExit(Task task) { exit_tasks_.push_back(std::move(task)); }

}  // namespace inlet::ws
