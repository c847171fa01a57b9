// Accesses to memory that is not accessible: a kernel's to device memory opens it, all others are explained.
#pragma once

namespace emulation {

// Once per process, and the stack for the handler once per thread that runs kernels.
void install_fault_handler();

}  // namespace emulation
