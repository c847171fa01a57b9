// A plug-in that needs a library which the loader does not find, and that exports no entry.
extern "C" int mtl_test_missing();

extern "C" __attribute__((visibility("default"))) int mtl_test_incomplete() {
  return mtl_test_missing();
}
