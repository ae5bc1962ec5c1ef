// A message that comes in pieces.
#ifndef INLET_INGEST_WS_ASSEMBLY_H_
#define INLET_INGEST_WS_ASSEMBLY_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

#include "ingest/ws/counters.h"

namespace inlet::ws {

// Grows as data arrive, never to what the sender merely announced, and never beyond its bound. Its capacity is counted
// in `bytes` while it exists.
class Assembly {
 public:
  // `most`: of one message.
  Assembly(size_t most, Counter& bytes) : most_(most), bytes_(bytes) {}
  ~Assembly() { bytes_.Subtract(capacity_); }
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;

  // False: with the piece, all assemblies together would exceed `budget`; the content stays as it was.
  // size() + piece.size() must not be more than `most`.
  bool Append(std::string_view piece, size_t budget) {
    if (!Reserve(size_ + piece.size(), budget)) return false;
    if (!piece.empty()) std::memcpy(text_.get() + size_, piece.data(), piece.size());
    size_ += piece.size();
    return true;
  }

  std::string_view view() const { return {text_.get(), size_}; }
  size_t capacity() const { return capacity_; }

 private:
  static constexpr size_t kFirst = 512;

  bool Reserve(size_t size, size_t budget) {
    if (size <= capacity_) return true;
    size_t capacity = std::max(size, std::min(most_, std::max(kFirst, 2 * capacity_)));
    if (bytes_.value() + (capacity - capacity_) > budget) capacity = size;  // no room to grow in advance
    if (bytes_.value() + (capacity - capacity_) > budget) return false;
    std::unique_ptr<char[]> text(new char[capacity]);  // not value-initialized, on purpose
    if (size_ > 0) std::memcpy(text.get(), text_.get(), size_);
    text_ = std::move(text);
    bytes_.Add(capacity - capacity_);
    capacity_ = capacity;
    return true;
  }

  const size_t most_;
  Counter& bytes_;
  std::unique_ptr<char[]> text_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_ASSEMBLY_H_
