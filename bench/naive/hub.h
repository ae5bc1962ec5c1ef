// The plain service's streams and queues: strings under a mutex.
#ifndef INLET_BENCH_NAIVE_HUB_H_
#define INLET_BENCH_NAIVE_HUB_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace inlet::bench {

struct Entry {
  uint64_t offset = 0;
  int64_t receive_nanos = 0;
  uint64_t connection = 0;
  std::string text;
};

// What waits for one subscriber. A full queue makes the sender wait: nothing is lost.
class Queue {
 public:
  void Push(const Entry& entry);
  // False if nothing came within a tenth of a second.
  bool Pop(Entry* entry);
  // Push does nothing from now on.
  void Close();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Entry> entries_;
  bool closed_ = false;
};

struct Stream {
  std::string name;
  std::string path;
  std::mutex mutex;
  uint64_t next_offset = 1;
  std::vector<std::shared_ptr<Queue>> queues;

  void Publish(std::string text, uint64_t connection);
  std::shared_ptr<Queue> Subscribe();
  void Unsubscribe(const std::shared_ptr<Queue>& queue);
};

// All streams. Thread-safe.
class Hub {
 public:
  // False if the name or the path is taken.
  bool Create(const std::string& name, const std::string& path);
  bool Delete(const std::string& name);
  std::shared_ptr<Stream> ByName(const std::string& name);
  std::shared_ptr<Stream> ByPath(const std::string& path);
  // At most `count` in order of their names, after `after`.
  std::vector<std::shared_ptr<Stream>> List(const std::string& after, size_t count);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Stream>> by_name_;
  std::map<std::string, std::shared_ptr<Stream>> by_path_;
};

}  // namespace inlet::bench

#endif  // INLET_BENCH_NAIVE_HUB_H_
