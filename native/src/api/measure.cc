// What the device can do.
#include <cmath>

#include "api/handles.h"
#include "graph/product_rate.h"

mtl_status mtl_context_matrix_product_rate(mtl_context* context, int32_t m, int32_t n, int32_t k,
                                           double seconds, double* out_flops_per_second) {
  return mtl::guard("mtl_context_matrix_product_rate", [&] {
    mtl::require_pointer(context, "context");
    mtl::require_pointer(out_flops_per_second, "out_flops_per_second");
    mtl::require(m >= 1, "m must be at least 1, but is ", m);
    mtl::require(n >= 1, "n must be at least 1, but is ", n);
    mtl::require(k >= 1, "k must be at least 1, but is ", k);
    mtl::require(std::isfinite(seconds) && seconds >= 0, "seconds must be finite and at least 0, but is ",
                 seconds);
    context->context->use(
        [&] { *out_flops_per_second = mtl::matrix_product_rate(*context->context, m, n, k, seconds); });
  });
}
