#include "graph/trace.h"

#include <algorithm>
#include <atomic>

namespace mtl {
namespace {

// Threads are numbered in the order in which they are first seen.
int32_t thread_number() {
  static std::atomic<int32_t> next{0};
  thread_local const int32_t number = next.fetch_add(1, std::memory_order_relaxed);
  return number;
}

}  // namespace

void Trace::start(int64_t most) {
  // Before anything changes: memory may be short.
  std::vector<TraceEvent> events(static_cast<size_t>(most));
  events_.swap(events);
  recorded_ = 0;
  started_ = std::chrono::steady_clock::now();
  recording_ = on_ = true;
}

void Trace::stop() {
  recording_ = false;
  on_ = shown_;
}

int64_t Trace::count() const {
  return std::min(recorded_, static_cast<int64_t>(events_.size()));
}

const TraceEvent& Trace::event(int64_t i) const {
  return events_[static_cast<size_t>((dropped() + i) % static_cast<int64_t>(events_.size()))];
}

int64_t Trace::now() const {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - started_)
      .count();
}

void Trace::record(const TraceEvent& event) {
  const std::lock_guard<std::mutex> lock(mutex_);
  events_[static_cast<size_t>(recorded_ % static_cast<int64_t>(events_.size()))] = event;
  ++recorded_;
}

void Range::begin(mtl_trace_kind kind, const char* name, int64_t index, uint64_t tasks) {
  if (trace_->shown_) trace_->backend_.range_begin(name);
  event_ = {name, kind, thread_number(), trace_->recording_ ? trace_->now() : 0, 0, index, tasks};
}

void Range::end() {
  if (trace_->recording_) {
    event_.duration = trace_->now() - event_.start;
    trace_->record(event_);
  }
  if (trace_->shown_) trace_->backend_.range_end();
}

}  // namespace mtl
