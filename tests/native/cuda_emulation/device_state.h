// What tests set about the device, and errors that wait to be asked for.
#pragma once

#include "runtime_api.h"

namespace emulation {

// Remembers a failure for cudaGetLastError of the calling thread, and hands it on.
cudaError_t remember(cudaError_t error);
// The failure that every call answers while the device is broken; cudaSuccess: it is not.
cudaError_t lasting_failure();
// Whether the next allocation is to fail; asked once.
bool take_failing_allocation();
// What is reported free.
size_t free_bytes();

}  // namespace emulation
