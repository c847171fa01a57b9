#include "cuda/device_scratch.h"

#include <string>

namespace mtl {

void* DeviceScratch::bytes(int64_t count) const {
  if (count > kBytes) {
    fail_by_host(MTL_INTERNAL, std::to_string(count) + " bytes of device scratch are wanted, but there are " +
                                   std::to_string(kBytes));
  }
  return block_.memory();
}

}  // namespace mtl
