// Host memory that the device reads and writes while the host goes on.
#pragma once

#include <cstddef>

namespace emulation {

size_t pinned_blocks();
// Whether the address is in pinned memory; fails with `what` when the bytes go beyond its end.
bool is_pinned(const void* address, size_t bytes, const char* what);

}  // namespace emulation
