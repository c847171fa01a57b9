// A device with its threads, which one thread at a time may use, the request to end a long call, and whether
// the device has failed for good.
#ifndef MTL_GRAPH_CONTEXT_H
#define MTL_GRAPH_CONTEXT_H

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "backend/backend.h"
#include "backend/error.h"
#include "graph/trace.h"

namespace mtl {

// A backend of a plug-in is given back to the plug-in, which has a heap of its own.
struct BackendDeleter {
  void (*destroy)(Backend*) = [](Backend* backend) { delete backend; };
  void operator()(Backend* backend) const { destroy(backend); }
};
using BackendPointer = std::unique_ptr<Backend, BackendDeleter>;

class Context {
 public:
  explicit Context(BackendPointer backend) : backend_(std::move(backend)), trace_(*backend_) {}

  Backend& backend() const { return *backend_; }
  Trace& trace() { return trace_; }

  void request_cancel() { cancel_.store(true, std::memory_order_relaxed); }
  // Ends a long call when that was asked for; a request is used up by it.
  void poll_cancel() {
    if (cancel_.load(std::memory_order_relaxed) && cancel_.exchange(false)) {
      fail(MTL_CANCELLED, "the call was cancelled on request");
    }
  }

  // body() with the right to use the context, for the length of one call.
  template <typename Body>
  void use(const Body& body) {
    const Use use(*this);
    watch(body);
  }

  // body(), unless the device was lost before; after a body that lost it, every later one answers so.
  template <typename Body>
  void watch(const Body& body) {
    if (lost_.load(std::memory_order_acquire)) fail(MTL_DEVICE_LOST, why_lost_);
    try {
      body();
    } catch (const Error& error) {
      if (error.status() == MTL_DEVICE_LOST) lose(error.what());
      throw;
    }
  }

 private:
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

  // Predictors watch from several threads; the first reason stays.
  void lose(const char* why) {
    const std::lock_guard<std::mutex> lock(losing_);
    if (lost_.load(std::memory_order_relaxed)) return;
    why_lost_ = why;
    lost_.store(true, std::memory_order_release);
  }

  BackendPointer backend_;
  Trace trace_;
  std::atomic<bool> in_use_{false};
  std::atomic<bool> cancel_{false};
  std::atomic<bool> lost_{false};
  std::mutex losing_;
  std::string why_lost_;  // written once, before lost_
};

}  // namespace mtl

#endif
