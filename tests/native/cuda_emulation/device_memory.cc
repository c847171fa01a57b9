#include "device_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "emulation.h"
#include "failure.h"

namespace emulation {

namespace {

constexpr size_t kAddresses = size_t{1} << 40;
constexpr size_t kBetween = size_t{64} << 10;
constexpr size_t kAlignment = 16;
constexpr size_t kFirstPart = size_t{64} << 10;
constexpr unsigned char kPoison = 0xff;  // NaN as float and double, -1 as integer

size_t count_left = 0;

size_t round_up(size_t value, size_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

}  // namespace

size_t DeviceMemory::allocations_left() {
  return count_left;
}

DeviceMemory& DeviceMemory::instance() {
  static auto* memory = new DeviceMemory;  // outlives everything that may still release
  return *memory;
}

DeviceMemory::DeviceMemory() : page_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
  file_ = memfd_create("emulated device memory", MFD_CLOEXEC);
  if (file_ < 0 || ftruncate(file_, static_cast<off_t>(kAddresses)) != 0) fail("no memory file");
  void* base = mmap(nullptr, kAddresses, PROT_NONE, MAP_SHARED | MAP_NORESERVE, file_, 0);
  void* view = mmap(nullptr, kAddresses, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file_, 0);
  if (base == MAP_FAILED || view == MAP_FAILED) fail("no addresses for device memory");
  madvise(base, kAddresses, MADV_DONTDUMP);
  madvise(view, kAddresses, MADV_DONTDUMP);
  base_ = static_cast<char*>(base);
  view_ = static_cast<char*>(view);
}

void* DeviceMemory::allocate(size_t bytes) {
  if (bytes > kDeviceBytes || used_ + bytes > kDeviceBytes) return nullptr;
  Allocation made{};
  made.bytes = bytes;
  made.next_part = kFirstPart;
  made.page_bytes = round_up(bytes, page_);
  if (next_ + kBetween + made.page_bytes + kBetween > kAddresses) {
    fail("the addresses for device memory are used up: freed memory is never given out again");
  }
  made.pages = base_ + next_ + kBetween;
  made.begin = made.pages + made.page_bytes - round_up(bytes, kAlignment);
  next_ += kBetween + made.page_bytes;
  used_ += bytes;
  live_[made.pages] = made;
  ++count_left;
  return made.begin;
}

bool DeviceMemory::release(void* memory) {
  Allocation* allocation = find(memory);
  if (allocation == nullptr || allocation->begin != memory) return false;
  if (allocation->poisoned) {
    check_margins(*allocation);
    fallocate(file_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, allocation->pages - base_,
              static_cast<off_t>(allocation->page_bytes));
  }
  used_ -= allocation->bytes;
  live_.erase(allocation->pages);
  --count_left;
  return true;
}

bool DeviceMemory::contains(const void* address) const {
  const char* at = static_cast<const char*>(address);
  return at >= base_ && at < base_ + kAddresses;
}

DeviceMemory::Allocation* DeviceMemory::find(const void* address) {
  const char* at = static_cast<const char*>(address);
  auto after = live_.upper_bound(at);
  if (after == live_.begin()) return nullptr;
  Allocation& allocation = std::prev(after)->second;
  return at < allocation.pages + allocation.page_bytes ? &allocation : nullptr;
}

int DeviceMemory::describe(const void* address, char* text, int size) {
  const auto length = static_cast<size_t>(size);
  const char* at = static_cast<const char*>(address);
  auto after = live_.upper_bound(at);
  if (after != live_.begin()) {
    const Allocation& before = std::prev(after)->second;
    const char* end = before.begin + before.bytes;
    if (at < before.begin && at >= before.pages) {
      return std::snprintf(text, length, "%zu bytes before an allocation of %zu bytes",
                           static_cast<size_t>(before.begin - at), before.bytes);
    }
    if (at >= before.begin && at < end) {
      return std::snprintf(text, length, "byte %zu of an allocation of %zu bytes",
                           static_cast<size_t>(at - before.begin), before.bytes);
    }
    if (static_cast<size_t>(at - end) < kBetween) {
      return std::snprintf(text, length, "%zu bytes behind the end of an allocation of %zu bytes",
                           static_cast<size_t>(at - end), before.bytes);
    }
  }
  if (after != live_.end() && static_cast<size_t>(after->second.begin - at) < kBetween) {
    return std::snprintf(text, length, "%zu bytes before an allocation of %zu bytes",
                         static_cast<size_t>(after->second.begin - at), after->second.bytes);
  }
  return std::snprintf(text, length, "no allocation; it may have been freed");
}

DeviceMemory::Allocation& DeviceMemory::check(const void* memory, size_t bytes, const char* what) {
  char where[160];
  Allocation* allocation = find(memory);
  const char* at = static_cast<const char*>(memory);
  if (allocation == nullptr || at < allocation->begin) {
    describe(memory, where, sizeof(where));
    fail("%s: the address %p of the device is %s", what, memory, where);
  }
  const size_t offset = static_cast<size_t>(at - allocation->begin);
  if (offset > allocation->bytes || bytes > allocation->bytes - offset) {
    fail("%s: %zu bytes from byte %zu on go beyond the end of an allocation of %zu bytes", what, bytes,
         offset, allocation->bytes);
  }
  return *allocation;
}

char* DeviceMemory::host_view(const void* memory, size_t bytes, const char* what) {
  poison(check(memory, bytes, what));
  return view_ + (static_cast<const char*>(memory) - base_);
}

void DeviceMemory::poison(Allocation& allocation) {
  if (allocation.poisoned) return;
  allocation.poisoned = true;
  std::memset(view_ + (allocation.pages - base_), kPoison, allocation.page_bytes);
}

void DeviceMemory::open(Allocation& allocation, const void* address) {
  poison(allocation);
  // Large allocations are seldom used whole, and opening costs time per page.
  const size_t offset = static_cast<size_t>(static_cast<const char*>(address) - allocation.pages);
  const size_t from = offset / allocation.next_part * allocation.next_part;
  const size_t bytes = std::min(allocation.next_part, allocation.page_bytes - from);
  if (mprotect(allocation.pages + from, bytes, PROT_READ | PROT_WRITE) != 0) {
    fail("device memory cannot be opened");
  }
  open_.push_back({&allocation, allocation.pages + from, bytes});
  allocation.next_part *= 2;
}

void DeviceMemory::check_margins(const Allocation& allocation) const {
  const auto check = [&](const char* from, const char* to, const char* side) {
    for (const char* at = from; at < to; ++at) {
      if (static_cast<unsigned char>(view_[at - base_]) == kPoison) continue;
      const size_t distance = static_cast<size_t>(from == allocation.pages ? to - at : at - from);
      fail("something was written %zu bytes %s an allocation of %zu bytes", distance, side, allocation.bytes);
    }
  };
  check(allocation.pages, allocation.begin, "before");
  check(allocation.begin + allocation.bytes, allocation.pages + allocation.page_bytes, "behind the end of");
}

void DeviceMemory::close_all() {
  for (const Opened& part : open_) {
    Allocation& allocation = *part.allocation;
    if (mprotect(part.begin, part.bytes, PROT_NONE) != 0) fail("device memory cannot be closed");
    allocation.next_part = kFirstPart;
    const char* end = part.begin + part.bytes;
    if (part.begin == allocation.pages || end == allocation.pages + allocation.page_bytes) {
      check_margins(allocation);
    }
  }
  open_.clear();
}

}  // namespace emulation
