// Errors pass from one library to another: the core throws them, also on behalf of the CUDA plug-in.
#ifndef MTL_BACKEND_UNWINDER_H
#define MTL_BACKEND_UNWINDER_H

namespace mtl {

// To be called once by each library before an exception of another may reach it. Each brings an unwinder of
// its own (libgcc, linked statically), which fills a table of its own when it first throws; taking part,
// before that, in an unwinding that another began, it aborts the process.
inline void prepare_unwinder() {
  try {
    throw 0;
  } catch (int) {
  }
}

}  // namespace mtl

#endif
