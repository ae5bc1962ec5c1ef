// Numbers from the kernel.
#include "ingest/random.h"

#include <unistd.h>

#include <cstdlib>

namespace inlet::ingest {

uint64_t RandomBits() {
  uint64_t bits = 0;
  if (getentropy(&bits, sizeof(bits)) != 0) std::abort();  // only of a kernel older than any that is supported
  return bits;
}

}  // namespace inlet::ingest
