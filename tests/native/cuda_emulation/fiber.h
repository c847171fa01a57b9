// A stack of its own for each thread of a block, and the change from one to the other.
#pragma once

#include <cstddef>

#if !defined(__x86_64__) || defined(MTL_EMULATION_UCONTEXT)
#define MTL_EMULATION_UCONTEXT
#include <ucontext.h>
#endif

namespace emulation {

class Fiber {
 public:
  static constexpr size_t kStackBytes = size_t{128} << 10;

  // The stack that is running already.
  Fiber() = default;
  // Starts in `main`, which never returns, at the first switch to it. `number` staggers the stacks, so that
  // their tops do not meet in the same lines of the cache.
  Fiber(void (*main)(), unsigned number);
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Leaves this fiber, the running one, for another.
  void switch_to(Fiber& other);
  // Whether the address lies in the inaccessible page below the stack.
  bool is_guard(const void* address) const;

 private:
  char* stack_ = nullptr;  // its lowest page is inaccessible
#ifdef MTL_EMULATION_UCONTEXT
  ucontext_t context_{};
#else
  void* top_ = nullptr;
#endif
};

}  // namespace emulation
