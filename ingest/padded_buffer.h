// A growing buffer of bytes that is never cleared behind its back, with room to read past its end.
#ifndef INLET_INGEST_PADDED_BUFFER_H_
#define INLET_INGEST_PADDED_BUFFER_H_

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace inlet::ingest {

// simdjson reads up to 64 bytes beyond the text that it parses: so many exist (with any content) after the end.
class PaddedBuffer {
 public:
  static constexpr size_t kPadding = 64;

  explicit PaddedBuffer(size_t capacity = 0) { Reserve(capacity); }

  const char* data() const { return bytes_.get(); }
  char* data() { return bytes_.get(); }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  size_t capacity() const { return capacity_; }
  std::string_view view() const { return {bytes_.get(), size_}; }

  // Forgets what lies beyond `size`, which must not be more than size().
  void Truncate(size_t size) { size_ = size; }
  void Clear() { size_ = 0; }

  // The next `size` bytes may be written through the pointer, then made part of the content by Advance.
  char* Grow(size_t size) {
    if (capacity_ - size_ < size) Reserve(size_ + size);
    return bytes_.get() + size_;
  }
  void Advance(size_t size) { size_ += size; }

  void Append(std::string_view text) {
    if (text.empty()) return;  // memcpy takes no null pointer
    std::memcpy(Grow(text.size()), text.data(), text.size());
    size_ += text.size();
  }

  // Room for `capacity` bytes in all. Pointers into the buffer become invalid.
  void Reserve(size_t capacity) {
    if (bytes_ && capacity <= capacity_) return;
    const size_t doubled = capacity_ * 2;
    capacity_ = capacity < doubled ? doubled : capacity;
    std::unique_ptr<char[]> bytes(new char[capacity_ + kPadding]);  // not value-initialized, on purpose
    std::memset(bytes.get() + capacity_, 0, kPadding);
    if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
  }

 private:
  std::unique_ptr<char[]> bytes_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_PADDED_BUFFER_H_
