// The memory of the emulated device: addresses that only a running kernel can use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace emulation {

// A range of addresses that are never given twice. Allocations end at the end of a page, as near as an
// alignment of 16 bytes allows, and lie far apart, so that an access outside of them hits an inaccessible
// page; the bytes left over before and behind are watched. The kernel opens an allocation by touching it, and
// all are closed when it is done. The host side of the emulation works on a second view of the same memory.
class DeviceMemory {
 public:
  struct Allocation {
    char* begin;
    size_t bytes;
    char* pages;
    size_t page_bytes;
    bool poisoned;
    size_t next_part;  // how much of it the next access of the running kernel opens
  };

  static DeviceMemory& instance();

  // nullptr: more than is free.
  void* allocate(size_t bytes);
  // False: not an allocation.
  bool release(void* memory);

  // What was not released, also when nothing was ever allocated.
  static size_t allocations_left();

  size_t used_bytes() const { return used_; }
  bool contains(const void* address) const;
  // The allocation whose pages contain the address; nullptr: none.
  Allocation* find(const void* address);
  // "4 bytes behind the end of an allocation of 100 bytes" and the like.
  int describe(const void* address, char* text, int size);

  // Fails with `what` unless these bytes belong to one allocation.
  Allocation& check(const void* memory, size_t bytes, const char* what);
  // Where the host finds these bytes of one allocation; fails with `what` when they are not.
  char* host_view(const void* memory, size_t bytes, const char* what);

  // Makes the part of the allocation around the address accessible to the running kernel.
  void open(Allocation& allocation, const void* address);
  // Makes all inaccessible again; fails when a byte around them was written.
  void close_all();

 private:
  DeviceMemory();

  struct Opened {
    Allocation* allocation;
    char* begin;
    size_t bytes;
  };

  void poison(Allocation& allocation);
  void check_margins(const Allocation& allocation) const;

  char* base_ = nullptr;
  char* view_ = nullptr;
  int file_ = -1;
  size_t page_;
  size_t next_ = 0;  // offset of the next allocation
  size_t used_ = 0;
  std::map<const char*, Allocation> live_;  // by the first page
  std::vector<Opened> open_;
};

}  // namespace emulation
