// The path of a record allocates nothing once it has seen one as large.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>

#include "ingest/data_view.h"
#include "ingest/decoder.h"

namespace {

std::atomic<uint64_t> allocations{0};

void* Allocate(size_t size) {
  ++allocations;
  void* const place = std::malloc(size);  // NOLINT(cppcoreguidelines-no-malloc): this is operator new
  if (place == nullptr) throw std::bad_alloc();
  return place;
}

}  // namespace

// They are a pair, but at -O1 the compiler inlines only half of it.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void* operator new(size_t size) { return Allocate(size); }
void* operator new[](size_t size) { return Allocate(size); }
void* operator new(size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void operator delete(void* place) noexcept { std::free(place); }
void operator delete[](void* place) noexcept { std::free(place); }
void operator delete(void* place, size_t) noexcept { std::free(place); }
void operator delete[](void* place, size_t) noexcept { std::free(place); }

namespace inlet::ingest {
namespace {

const std::string kText =
    R"({"id":1234567890,"price":0.30000000000000004,"zero":0.0,"tags":["a",{"b":null}],"note":")" +
    std::string(20'000, 'x') + "\"}";

TEST(DecodeAllocation, TheCountSeesAllocations) {
  const uint64_t before = allocations;
  const auto made = std::make_unique<std::string>(1000, 'x');
  EXPECT_GE(allocations - before, 2U);
  EXPECT_EQ(made->size(), 1000U);
}

TEST(DecodeAllocation, NoneForAnObject) {
  Decoder decoder;
  PaddedBuffer out;
  const auto decode = [&] {
    out.Clear();
    return decoder.Decode(kText, {WallTime(), 1}, nullptr, out).records;
  };
  decode();
  const uint64_t before = allocations;
  uint32_t records = 0;
  for (int i = 0; i < 1000; ++i) records += decode();
  EXPECT_EQ(allocations - before, 0U);
  EXPECT_EQ(records, 1000U);
}

TEST(DecodeAllocation, NoneForTheDecodedView) {
  Decoder decoder;
  PaddedBuffer entries;
  for (const std::string& text : {kText, std::string(R"({"id":9007199254740993})"), kText}) {
    decoder.Decode(text, {WallTime(), 1}, nullptr, entries);
  }
  DataView view;
  PaddedBuffer out;
  const auto render = [&](size_t readable_beyond) {
    out.Clear();
    view.Render(entries.view(), readable_beyond, out);
  };
  render(0);
  const uint64_t before = allocations;
  for (int i = 0; i < 1000; ++i) render(i % 2 == 0 ? 0 : PaddedBuffer::kPadding);
  EXPECT_EQ(allocations - before, 0U);
  EXPECT_GT(out.size(), 2 * kText.size());
}

}  // namespace
}  // namespace inlet::ingest
