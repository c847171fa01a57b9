// What a context did and when.
#include "graph/trace.h"

#include "api/handles.h"
#include "api/options.h"

namespace {

// 64 bytes each.
constexpr int64_t kMostEvents = int64_t{1} << 26;

template <typename Body>
mtl_status with_trace(const char* function, const mtl_context* context, const Body& body) noexcept {
  return mtl::guard(function, [&] {
    mtl::require_pointer(context, "context");
    context->context->use([&] { body(context->context->trace()); });
  });
}

}  // namespace

mtl_status mtl_context_start_trace(mtl_context* context, int64_t max_events) {
  return with_trace("mtl_context_start_trace", context, [&](mtl::Trace& trace) {
    mtl::require(max_events >= 1 && max_events <= kMostEvents, "max_events must be in [1, ", kMostEvents,
                 "], but is ", max_events);
    trace.start(max_events);
  });
}

mtl_status mtl_context_stop_trace(mtl_context* context) {
  return with_trace("mtl_context_stop_trace", context, [](mtl::Trace& trace) { trace.stop(); });
}

mtl_status mtl_context_trace_count(const mtl_context* context, int64_t* out_events, int64_t* out_dropped) {
  return with_trace("mtl_context_trace_count", context, [&](const mtl::Trace& trace) {
    mtl::require_pointer(out_events, "out_events");
    mtl::require_pointer(out_dropped, "out_dropped");
    *out_events = trace.count();
    *out_dropped = trace.dropped();
  });
}

void mtl_trace_event_init(mtl_trace_event* event) {
  if (event == nullptr) return;
  *event = {};
  event->struct_size = sizeof(*event);
}

mtl_status mtl_context_trace_event(const mtl_context* context, int64_t event, mtl_trace_event* out_event) {
  return with_trace("mtl_context_trace_event", context, [&](const mtl::Trace& trace) {
    mtl::require_pointer(out_event, "out_event");
    mtl::check_struct_size(out_event->struct_size, "out_event");
    mtl::require(event >= 0 && event < trace.count(), "event must be in [0, ", trace.count(), "), but is ",
                 event);
    const mtl::TraceEvent& recorded = trace.event(event);
    mtl_trace_event described{};
    described.kind = recorded.kind;
    described.name = recorded.name;
    described.start = recorded.start;
    described.duration = recorded.duration;
    described.thread = recorded.thread;
    described.index = recorded.index;
    described.tasks = recorded.tasks;
    mtl::write_info(described, out_event);
  });
}
