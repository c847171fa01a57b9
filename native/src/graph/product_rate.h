// How fast a context multiplies matrices.
#ifndef MTL_GRAPH_PRODUCT_RATE_H
#define MTL_GRAPH_PRODUCT_RATE_H

#include "graph/context.h"

namespace mtl {

// Floating-point operations per second of products of [m, k] by [k, n], median of those that fit in
// `seconds`.
double matrix_product_rate(Context& context, int32_t m, int32_t n, int32_t k, double seconds);

}  // namespace mtl

#endif
