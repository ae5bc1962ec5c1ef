// Large blocks of memory: anonymous mappings, and the allocator that gives them to libwebsockets.
#include "ingest/ws/page_blocks.h"

#include <libwebsockets.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace inlet::ws {
namespace {

bool IsPageAligned(const void* address) {
  static const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return reinterpret_cast<uintptr_t>(address) % page == 0;
}

void* AllocateEither(size_t size) {
  if (size >= PageBlocks::kSmallest) {
    if (void* block = PageBlocks::Instance().Allocate(size)) return block;
  }
  return std::malloc(size);
}

void FreeEither(void* memory) {
  if (!PageBlocks::Instance().Free(memory)) std::free(memory);
}

// As realloc, but a size of 0 frees.
void* Reallocate(void* memory, size_t size, const char* /*what_for*/) {
  if (size == 0) {
    FreeEither(memory);
    return nullptr;
  }
  const size_t before = PageBlocks::Instance().SizeOf(memory);
  if (before == 0) return memory == nullptr ? AllocateEither(size) : std::realloc(memory, size);
  void* const moved = AllocateEither(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, memory, std::min(before, size));
  FreeEither(memory);
  return moved;
}

}  // namespace

PageBlocks& PageBlocks::Instance() {
  static auto* const blocks = new PageBlocks;  // for ever: the library frees at exit, too
  return *blocks;
}

void PageBlocks::UseForLibwebsockets() { lws_set_allocator(&Reallocate); }

void* PageBlocks::Allocate(size_t size) {
  void* const block = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (block == MAP_FAILED) return nullptr;
  madvise(block, size, MADV_NOHUGEPAGE);
  const std::lock_guard lock(mutex_);
  sizes_[block] = size;
  return block;
}

bool PageBlocks::Free(void* block) {
  const size_t size = SizeOf(block);
  if (size == 0) return false;
  {
    const std::lock_guard lock(mutex_);
    sizes_.erase(block);  // before the address can be given out again
  }
  munmap(block, size);
  return true;
}

size_t PageBlocks::SizeOf(void* block) const {
  if (!IsPageAligned(block)) return 0;  // hardly any memory of the heap comes beyond this line
  const std::lock_guard lock(mutex_);
  const auto found = sizes_.find(block);
  return found == sizes_.end() ? 0 : found->second;
}

size_t PageBlocks::count() const {
  const std::lock_guard lock(mutex_);
  return sizes_.size();
}

}  // namespace inlet::ws
