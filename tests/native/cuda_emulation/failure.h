// The end of a test that did what no CUDA program may do.
#pragma once

namespace emulation {

// Writes the text, and the kernel, block and thread that are running, to the standard error and aborts.
[[noreturn]] void fail(const char* format, ...) __attribute__((format(printf, 1, 2)));

}  // namespace emulation
