#include "fault_handler.h"

#include <signal.h>
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>

#include "block_runner.h"
#include "device_memory.h"
#include "failure.h"

namespace emulation {

namespace {

struct sigaction previous_segv;
struct sigaction previous_bus;
struct sigaction previous_ill;

const char* verb_of(const void* context) {
#if defined(__x86_64__)
  constexpr greg_t kWrite = 2;
  return static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_ERR] & kWrite ? "writes" : "reads";
#else
  static_cast<void>(context);
  return "reads or writes";
#endif
}

void handle(int signal, siginfo_t* info, void* context) {
  if (signal == SIGILL && in_kernel()) {
    fail(
        "the kernel did what C++ leaves undefined: a misaligned access, an index outside an array, a shift "
        "or a "
        "conversion out of range");
  }
  const void* at = info->si_addr;
  DeviceMemory& memory = DeviceMemory::instance();
  char where[160];
  if (signal == SIGSEGV && memory.contains(at)) {
    DeviceMemory::Allocation* allocation = memory.find(at);
    if (in_kernel() && allocation != nullptr) {
      memory.open(*allocation, at);
      return;
    }
    memory.describe(at, where, sizeof(where));
    if (in_kernel()) fail("the kernel %s at %p: %s", verb_of(context), at, where);
    fail("the host %s device memory at %p: %s", verb_of(context), at, where);
  }
  if (in_kernel()) {
    if (is_past_shared_memory(at)) fail("the kernel %s behind its dynamic shared memory", verb_of(context));
    if (is_below_a_stack(at)) fail("the stack of a thread is used up");
    fail("the kernel %s at %p, which is not device memory", verb_of(context), at);
  }
  // Not ours: done again without us.
  sigaction(signal,
            signal == SIGSEGV  ? &previous_segv
            : signal == SIGBUS ? &previous_bus
                               : &previous_ill,
            nullptr);
}

// A stack for the handler, as that of a fiber may be used up.
class HandlerStack {
 public:
  HandlerStack() {
    constexpr size_t kBytes = size_t{64} << 10;
    memory_ = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory_ == MAP_FAILED) fail("no memory for the stack of a signal handler");
    stack_t stack{};
    stack.ss_sp = memory_;
    stack.ss_size = kBytes;
    if (sigaltstack(&stack, nullptr) != 0) fail("sigaltstack failed");
    bytes_ = kBytes;
  }
  ~HandlerStack() {
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    sigaltstack(&none, nullptr);
    munmap(memory_, bytes_);
  }
  HandlerStack(const HandlerStack&) = delete;
  HandlerStack& operator=(const HandlerStack&) = delete;

 private:
  void* memory_;
  size_t bytes_ = 0;
};

}  // namespace

void install_fault_handler() {
  static const bool installed = [] {
    struct sigaction action {};
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    return sigaction(SIGSEGV, &action, &previous_segv) == 0 &&
           sigaction(SIGBUS, &action, &previous_bus) == 0 && sigaction(SIGILL, &action, &previous_ill) == 0;
  }();
  if (!installed) fail("no signal handler can be installed");
  thread_local const HandlerStack stack;
  static_cast<void>(stack);
}

}  // namespace emulation
