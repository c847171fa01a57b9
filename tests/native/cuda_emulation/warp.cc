// What the lanes of a warp do together: each gives its part and waits; the last to come works out the
// results.
#include "block.h"
#include "block_runner.h"
#include "failure.h"

namespace emulation {

namespace {

// The lane whose value a lane gets from a shuffle; its own where the source is outside its part of the warp.
unsigned source_lane(WarpOperation operation, unsigned lane, int argument, int width) {
  const auto w = static_cast<unsigned>(width);
  const unsigned first = lane / w * w;
  const auto distance = static_cast<unsigned>(argument);
  switch (operation) {
    case WarpOperation::kIndex:
      return first + distance % w;
    case WarpOperation::kUp:
      return lane - first >= distance ? lane - distance : lane;
    case WarpOperation::kDown:
      return distance < w && lane + distance < first + w ? lane + distance : lane;
    case WarpOperation::kXor:
      return (lane ^ distance) < first + w ? lane ^ distance : lane;
    default:
      return lane;
  }
}

void finish_meeting(Meeting& meeting, Thread* lanes) {
  uint64_t given[kWarpLanes] = {};
  unsigned votes = 0;
  for (unsigned lane = 0; lane < kWarpLanes; ++lane) {
    if (!(meeting.mask >> lane & 1)) continue;
    given[lane] = lanes[lane].bits;
    if (lanes[lane].bits != 0) votes |= 1u << lane;
  }
  for (unsigned lane = 0; lane < kWarpLanes; ++lane) {
    if (!(meeting.mask >> lane & 1)) continue;
    Thread& thread = lanes[lane];
    switch (meeting.operation) {
      case WarpOperation::kSync:
        break;
      case WarpOperation::kAny:
        thread.bits = votes != 0;
        break;
      case WarpOperation::kAll:
        thread.bits = votes == meeting.mask;
        break;
      case WarpOperation::kBallot:
        thread.bits = votes;
        break;
      default: {
        const unsigned source = source_lane(meeting.operation, lane, thread.argument, meeting.width);
        if (!(meeting.mask >> source & 1)) {
          fail("%s at %s:%d: lane %u reads lane %u, which is not in the mask 0x%08x",
               name_of(meeting.operation), meeting.site.file, meeting.site.line, lane, source, meeting.mask);
        }
        thread.bits = given[source];
      }
    }
    if (&thread != current) free_thread(thread);
  }
  meeting = Meeting{};
}

}  // namespace

uint64_t together(WarpOperation operation, unsigned mask, uint64_t bits, int argument, int width, Site site) {
  Block& b = block_state;
  if (!in_kernel()) fail("%s at %s:%d outside a kernel", name_of(operation), site.file, site.line);
  const unsigned warp = current->number / kWarpLanes;
  const unsigned lane = current->number % kWarpLanes;
  Thread* lanes = &b.threads[warp * kWarpLanes];
  if (width < 1 || width > 32 || (width & (width - 1)) != 0) {
    fail("%s at %s:%d: the width must be a power of two up to 32, but is %d", name_of(operation), site.file,
         site.line, width);
  }
  Meeting& meeting = b.warps[warp];
  if (meeting.mask == 0) {
    meeting = {mask, 0, operation, width, site};
    const size_t there = b.threads.size() - warp * kWarpLanes;
    for (unsigned other = 0; other < kWarpLanes; ++other) {
      if (!(mask >> other & 1)) continue;
      if (other >= there || lanes[other].state == State::kEnded) {
        fail("%s at %s:%d: the mask 0x%08x names lane %u, which %s", name_of(operation), site.file, site.line,
             mask, other, other >= there ? "the block does not have" : "has ended without it");
      }
    }
  } else if (meeting.mask != mask || meeting.operation != operation || meeting.width != width ||
             !same(meeting.site, site)) {
    fail("%s with mask 0x%08x at %s:%d, while other lanes of the warp wait in %s with mask 0x%08x at %s:%d",
         name_of(operation), mask, site.file, site.line, name_of(meeting.operation), meeting.mask,
         meeting.site.file, meeting.site.line);
  }
  if (!(mask >> lane & 1)) {
    fail("%s at %s:%d: lane %u is not in its own mask 0x%08x", name_of(operation), site.file, site.line, lane,
         mask);
  }
  current->bits = bits;
  current->argument = argument;
  meeting.arrived |= 1u << lane;
  Thread* self = current;
  if (meeting.arrived == mask) {
    finish_meeting(meeting, lanes);
  } else {
    self->state = State::kInWarp;
    wait();
  }
  return self->bits;
}

}  // namespace emulation
