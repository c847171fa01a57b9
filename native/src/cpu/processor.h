// What this process may use of the machine.
#ifndef MTL_CPU_PROCESSOR_H
#define MTL_CPU_PROCESSOR_H

#include <cstdint>
#include <istream>
#include <string>

namespace mtl {

// Hardware threads this process may use: its affinity mask and its control group's quota; at least 1.
int32_t usable_threads();
// What a control group's cpu.max ("QUOTA PERIOD", in microseconds) allows, in processors; infinite where it
// sets no limit ("max PERIOD") or is not of this form.
double processors_allowed(std::istream& cpu_max);
int64_t total_memory_bytes();
// Memory that can be had without swapping, control group limits included; the largest number when unknown.
int64_t available_memory_bytes();
// The processor's name as it calls itself.
std::string processor_name();

}  // namespace mtl

#endif
