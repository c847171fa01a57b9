// Streams and events: work in its order, done when the host waits for it.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

#include "runtime_api.h"

namespace emulation {

// Held by every call of the interface.
std::recursive_mutex& lock();

struct Stream {
  bool blocking;  // waits for the default stream, and is waited for by it
  std::deque<std::function<void()>> work;
  Graph* capture = nullptr;  // takes the work instead, while the stream is captured
};

struct Event {
  Stream* stream = nullptr;  // in which it was recorded last
  int pending = 0;           // records that have not been passed
  double passed_at = 0;      // milliseconds of a steady clock
};

// Adds work to a stream, or to the graph that is captured from it; nullptr is the default stream.
void enqueue(Stream* stream, std::function<void()> work);
// Does everything that was put into a stream, or into all.
void drain(Stream* stream);
void drain_all();
// Does the work of the event's stream until it has been passed.
void drain_until(const Event& event);

Stream* make_stream(bool blocking);
void destroy_stream(Stream* stream);
Event* make_event();
void destroy_event(Event* event);
void check_stream(const Stream* stream, const char* what);
void check_event(const Event* event, const char* what);
// Those that were not destroyed.
size_t streams_left();
size_t events_left();

}  // namespace emulation
