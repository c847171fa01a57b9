// What a context did and when: ranges of time with names. Off, a range costs one branch.
//
// Ranges are recorded into a ring of a size that is fixed when the trace is started, and shown to the
// backend, whose tools may know them too (Backend::range_begin).
#ifndef MTL_GRAPH_TRACE_H
#define MTL_GRAPH_TRACE_H

#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

#include "backend/backend.h"

namespace mtl {

struct TraceEvent {
  const char* name;  // static storage
  mtl_trace_kind kind;
  int32_t thread;
  int64_t start;     // nanoseconds since the trace was started
  int64_t duration;  // nanoseconds
  int64_t index;     // see mtl_trace_event
  uint64_t tasks;
};

class Trace {
 public:
  explicit Trace(Backend& backend) : backend_(backend), shown_(backend.shows_ranges()), on_(shown_) {}

  // Whether anybody wants to know of ranges. Changes between calls only.
  bool on() const { return on_; }
  // Forgets what was recorded and keeps the latest `most` events from now on.
  void start(int64_t most);
  // What was recorded stays.
  void stop();

  int64_t count() const;
  // How many were recorded and are no longer there.
  int64_t dropped() const { return recorded_ - count(); }
  // The i-th of those that are there, in the order in which they ended.
  const TraceEvent& event(int64_t i) const;

 private:
  friend class Range;

  int64_t now() const;
  void record(const TraceEvent& event);

  Backend& backend_;
  const bool shown_;
  bool on_;
  bool recording_ = false;
  std::chrono::steady_clock::time_point started_;
  std::mutex mutex_;  // threads of one call record at the same time
  std::vector<TraceEvent> events_;
  int64_t recorded_ = 0;
};

// From its making to its end on one thread; ranges of a thread lie inside each other or apart. `name` has
// static storage.
class Range {
 public:
  Range(Trace& trace, mtl_trace_kind kind, const char* name, int64_t index = -1, uint64_t tasks = 0)
      : trace_(trace.on() ? &trace : nullptr) {
    if (trace_ != nullptr) begin(kind, name, index, tasks);
  }
  ~Range() {
    if (trace_ != nullptr) end();
  }
  Range(const Range&) = delete;
  Range& operator=(const Range&) = delete;

 private:
  void begin(mtl_trace_kind kind, const char* name, int64_t index, uint64_t tasks);
  void end();

  Trace* trace_;
  TraceEvent event_;  // set where there is a trace
};

}  // namespace mtl

#endif
