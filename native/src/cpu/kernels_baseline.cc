// The kernels for any processor.
#define MTL_KERNEL_TABLE kBaselineKernels
#define MTL_KERNEL_NAME "baseline"
#include "cpu/kernels.inc"
