// The kernels for x86-64-v3 (AVX2, FMA).
#ifdef MTL_X86_KERNELS
#define MTL_KERNEL_TABLE kAvx2Kernels
#define MTL_KERNEL_NAME "avx2"
#include "cpu/kernels.inc"
#endif
