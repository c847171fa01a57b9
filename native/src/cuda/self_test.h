// Whether a device really computes.
#ifndef MTL_CUDA_SELF_TEST_H
#define MTL_CUDA_SELF_TEST_H

#include <cstdint>
#include <string>

namespace mtl {

// Runs a tiny kernel and a tiny product of cuBLASLt and compares them with the host. Why not, else empty.
// Throws nothing.
std::string self_test_failure(int32_t device);

}  // namespace mtl

#endif
