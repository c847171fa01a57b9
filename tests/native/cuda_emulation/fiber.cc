#include "fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

#include "failure.h"

#ifndef MTL_EMULATION_UCONTEXT

// Saves what a function must keep, and the stack pointer in *saved; takes up the other stack where it was
// left.
extern "C" void mtl_emulation_switch(void** saved, void* other) __attribute__((visibility("hidden")));

asm(R"(
.text
.type mtl_emulation_switch, @function
.hidden mtl_emulation_switch
.globl mtl_emulation_switch
mtl_emulation_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size mtl_emulation_switch, .-mtl_emulation_switch
)");

#endif

namespace emulation {

namespace {

size_t page_bytes() {
  static const size_t bytes = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

}  // namespace

Fiber::Fiber(void (*main)(), unsigned number) {
  void* memory =
      mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) fail("no memory for the stack of a thread");
  stack_ = static_cast<char*>(memory);
  if (mprotect(stack_, page_bytes(), PROT_NONE) != 0) fail("the stack of a thread cannot be guarded");
  constexpr size_t kStagger = 192;
  const size_t usable = kStackBytes - number % 16 * kStagger;
#ifdef MTL_EMULATION_UCONTEXT
  if (getcontext(&context_) != 0) fail("getcontext failed");
  context_.uc_stack.ss_sp = stack_;
  context_.uc_stack.ss_size = usable;
  context_.uc_link = nullptr;
  makecontext(&context_, main, 0);
#else
  // As after a call of mtl_emulation_switch by `main`'s caller: six registers, the address to return to, and
  // a return address of `main` itself that is never used.
  auto* top = reinterpret_cast<uint64_t*>(stack_ + usable);
  *--top = 0;
  *--top = reinterpret_cast<uint64_t>(main);
  for (int i = 0; i < 6; ++i) *--top = 0;
  top_ = top;
#endif
}

Fiber::~Fiber() {
  if (stack_ != nullptr) munmap(stack_, kStackBytes);
}

void Fiber::switch_to(Fiber& other) {
#ifdef MTL_EMULATION_UCONTEXT
  swapcontext(&context_, &other.context_);
#else
  mtl_emulation_switch(&top_, other.top_);
#endif
}

bool Fiber::is_guard(const void* address) const {
  const char* at = static_cast<const char*>(address);
  return stack_ != nullptr && at >= stack_ && at < stack_ + page_bytes();
}

}  // namespace emulation
