// The kernels that were launched.
#pragma once

namespace emulation {

void record_launch(const char* name);

}  // namespace emulation
