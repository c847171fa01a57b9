// The kernels for x86-64-v4 (AVX-512).
#ifdef MTL_X86_KERNELS
#define MTL_KERNEL_TABLE kAvx512Kernels
#define MTL_KERNEL_NAME "avx512"
#include "cpu/kernels.inc"
#endif
