// Large blocks of memory, each of whole pages of its own.
#ifndef INLET_INGEST_WS_PAGE_BLOCKS_H_
#define INLET_INGEST_WS_PAGE_BLOCKS_H_

#include <cstddef>
#include <mutex>
#include <unordered_map>

namespace inlet::ws {

// libwebsockets gives each connection a buffer of 64 KiB, and uses its first bytes, for control frames, if at all. On
// the heap these buffers share pages with other things, so that each costs a page at least, twice as much after others
// have come and gone, and with transparent huge pages all of it; and the memory does not go back. Here it costs nothing
// until it is used, and goes back at once. Any thread.
class PageBlocks {
 public:
  // From so many bytes on, libwebsockets' memory comes from here.
  static constexpr size_t kSmallest = 60U << 10;

  // The one of the process.
  static PageBlocks& Instance();
  // Makes libwebsockets allocate through this. Before its first context; idempotent.
  static void UseForLibwebsockets();

  // Zeroed. Null: there is no memory, or there are too many mappings.
  void* Allocate(size_t size);
  // False: `block` is none.
  bool Free(void* block);
  // Of a block; 0: it is none.
  size_t SizeOf(void* block) const;

  // How many there are.
  size_t count() const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<void*, size_t> sizes_;  // guarded by mutex_
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_PAGE_BLOCKS_H_
