#include "stream.h"

#include <cstdlib>
#include <set>

#include "failure.h"
#include "graph.h"

namespace emulation {

namespace {

// As much as a driver takes in before it makes the host wait.
constexpr size_t kMostPending = 1000;

struct Everything {
  std::set<Stream*> streams;
  std::set<Event*> events;
};

Everything& everything() {
  static auto* all = new Everything;
  return *all;
}

bool at_once() {
  static const bool value = std::getenv("MTL_EMULATION_AT_ONCE") != nullptr;
  return value;
}

void do_first(Stream& stream) {
  const std::function<void()> work = std::move(stream.work.front());
  stream.work.pop_front();
  work();
}

}  // namespace

std::recursive_mutex& lock() {
  static auto* mutex = new std::recursive_mutex;
  return *mutex;
}

void drain(Stream* stream) {
  if (stream == nullptr) {
    for (Stream* other : everything().streams) {
      if (other->blocking) drain(other);
    }
    return;
  }
  if (stream->capture != nullptr) fail("a wait for a stream that is being captured");
  while (!stream->work.empty()) do_first(*stream);
}

void drain_all() {
  for (Stream* stream : everything().streams) {
    if (stream->capture == nullptr) drain(stream);
  }
}

void drain_until(const Event& event) {
  while (event.pending > 0) {
    if (event.stream == nullptr || event.stream->work.empty()) fail("an event that nothing leads to");
    do_first(*event.stream);
  }
}

void enqueue(Stream* stream, std::function<void()> work) {
  if (stream == nullptr) {
    drain(nullptr);
    work();
    return;
  }
  check_stream(stream, "a launch or a copy");
  if (stream->capture != nullptr) return add_captured(*stream->capture, std::move(work));
  stream->work.push_back(std::move(work));
  if (at_once()) drain(stream);
  while (stream->work.size() > kMostPending) do_first(*stream);
}

Stream* make_stream(bool blocking) {
  auto* stream = new Stream{blocking, {}};
  everything().streams.insert(stream);
  return stream;
}

void destroy_stream(Stream* stream) {
  check_stream(stream, "cudaStreamDestroy");
  drain(stream);
  everything().streams.erase(stream);
  for (Event* event : everything().events) {
    if (event->stream == stream) event->stream = nullptr;
  }
  delete stream;
}

Event* make_event() {
  auto* event = new Event;
  everything().events.insert(event);
  return event;
}

void destroy_event(Event* event) {
  check_event(event, "cudaEventDestroy");
  drain_until(*event);
  everything().events.erase(event);
  delete event;
}

void check_stream(const Stream* stream, const char* what) {
  if (stream == nullptr || everything().streams.count(const_cast<Stream*>(stream)) != 0) return;
  fail("%s: %p is not a stream, or was destroyed", what, static_cast<const void*>(stream));
}

void check_event(const Event* event, const char* what) {
  if (event != nullptr && everything().events.count(const_cast<Event*>(event)) != 0) return;
  fail("%s: %p is not an event, or was destroyed", what, static_cast<const void*>(event));
}

size_t streams_left() {
  return everything().streams.size();
}

size_t events_left() {
  return everything().events.size();
}

}  // namespace emulation
