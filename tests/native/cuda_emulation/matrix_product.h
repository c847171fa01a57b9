// The arithmetic of a matrix product.
#pragma once

#include "matrix_descriptions.h"

namespace emulation {

// On pointers that the host can read and write; `bias` as the epilogue wants it.
void multiply(const Product& product, float alpha, const void* a, const void* b, float beta, const float* c,
              float* d, float* bias);

}  // namespace emulation
