// A device with its threads, which one thread at a time may use, and the request to end a long call.
#ifndef MTL_GRAPH_CONTEXT_H
#define MTL_GRAPH_CONTEXT_H

#include <atomic>
#include <memory>

#include "backend/backend.h"
#include "backend/error.h"

namespace mtl {

class Context {
 public:
  explicit Context(std::unique_ptr<Backend> backend) : backend_(std::move(backend)) {}

  Backend& backend() const { return *backend_; }

  void request_cancel() { cancel_.store(true, std::memory_order_relaxed); }
  // Ends a long call when that was asked for; a request is used up by it.
  void poll_cancel() {
    if (cancel_.load(std::memory_order_relaxed) && cancel_.exchange(false)) {
      fail(MTL_CANCELLED, "the call was cancelled on request");
    }
  }

  // The right to use the context, held for the length of one call.
  class Use {
   public:
    explicit Use(Context& context) : context_(context) {
      if (context_.in_use_.exchange(true, std::memory_order_acquire)) {
        fail(MTL_BUSY, "another thread is inside a call on the same context");
      }
    }
    ~Use() { context_.in_use_.store(false, std::memory_order_release); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    Context& context_;
  };

 private:
  std::unique_ptr<Backend> backend_;
  std::atomic<bool> in_use_{false};
  std::atomic<bool> cancel_{false};
};

}  // namespace mtl

#endif
