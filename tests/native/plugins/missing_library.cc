// Stands for a library of CUDA's that is not installed.
extern "C" __attribute__((visibility("default"))) int mtl_test_missing() {
  return 1;
}
