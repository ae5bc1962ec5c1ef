// Numbers that nobody can guess.
#ifndef INLET_INGEST_RANDOM_H_
#define INLET_INGEST_RANDOM_H_

#include <cstdint>

namespace inlet::ingest {

// 64 bits from the kernel. Any thread. std::random_device costs 30 us on a virtual machine: it asks the processor what
// it is, and the hypervisor answers.
uint64_t RandomBits();

}  // namespace inlet::ingest

#endif  // INLET_INGEST_RANDOM_H_
