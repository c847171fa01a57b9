// Lets the tests run with the kernels of an instruction set other than the processor's best: the linker sends
// the calls of mtl::best_kernels() here (--wrap), and the environment variable MTL_TEST_KERNELS names the
// table.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "cpu/kernels.h"

#ifdef MTL_X86_KERNELS

extern "C" {

const mtl::Kernels& __real__ZN3mtl12best_kernelsEv();

const mtl::Kernels& __wrap__ZN3mtl12best_kernelsEv() {
  constexpr int kSkipped = 77;
  const char* name = std::getenv("MTL_TEST_KERNELS");
  if (name == nullptr) return __real__ZN3mtl12best_kernelsEv();
  if (name == std::string("baseline")) return mtl::kBaselineKernels;
  if (name == std::string("avx2")) {
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return mtl::kAvx2Kernels;
    std::puts("this processor has no AVX2");
    std::exit(kSkipped);
  }
  std::printf("MTL_TEST_KERNELS must be baseline or avx2, but is %s\n", name);
  std::exit(EXIT_FAILURE);
}

}  // extern "C"

#endif
