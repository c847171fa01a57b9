// What this process may use of the machine.
#ifndef MTL_CPU_PROCESSOR_H
#define MTL_CPU_PROCESSOR_H

#include <cstdint>
#include <string>

namespace mtl {

// Hardware threads this process may use: its affinity mask and its control group's quota; at least 1.
int32_t usable_threads();
int64_t total_memory_bytes();
// Memory that can be had without swapping, control group limits included; the largest number when unknown.
int64_t available_memory_bytes();
// The processor's name as it calls itself.
std::string processor_name();

}  // namespace mtl

#endif
