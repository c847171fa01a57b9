// Runs the blocks of a launch.
#pragma once

#include "emulation.h"

namespace emulation {

// All blocks of a launch, one after the other, on the calling thread, which holds the lock of the emulation.
void run_blocks(const char* name, dim3 grid, dim3 block, size_t shared_bytes, const KernelBody& body);

// Whether the calling thread is running a kernel.
bool in_kernel();
// Writes " [kernel k, block (0, 0, 0), thread (1, 0, 0)]", or nothing outside kernels; returns the length.
int describe_running(char* text, int size);
// Whether the address lies behind the end of dynamic shared memory, or below the stack of a thread.
bool is_past_shared_memory(const void* address);
bool is_below_a_stack(const void* address);

}  // namespace emulation
