#include "graph/parameter_access.h"

#include <algorithm>

#include "backend/error.h"

namespace mtl {

ParameterAccess::Reader::Reader(ParameterAccess& access) : access_(access) {
  const std::lock_guard lock(access_.readers_mutex_);
  access_.readers_.push_back(this);
}

ParameterAccess::Reader::~Reader() {
  const std::lock_guard lock(access_.readers_mutex_);
  std::erase(access_.readers_, this);
}

ParameterAccess::Read::Read(Reader& reader) : reader_(reader) {
  if (reader_.reading_.exchange(true, std::memory_order_seq_cst)) {
    fail(MTL_BUSY, "another thread is inside a call on the same predictor");
  }
  if (reader_.access_.writing_.load(std::memory_order_seq_cst)) {
    reader_.reading_.store(false, std::memory_order_release);
    fail(MTL_BUSY, "another thread is inside a call that changes the parameters of the network");
  }
}

ParameterAccess::Write::Write(ParameterAccess& access) : access_(access) {
  access_.writing_.store(true, std::memory_order_seq_cst);
  if (access_.any_reading()) {
    access_.writing_.store(false, std::memory_order_release);
    fail(MTL_BUSY,
         "another thread is inside a call on a predictor of the network, which reads the parameters");
  }
}

bool ParameterAccess::any_reading() {
  const std::lock_guard lock(readers_mutex_);
  return std::any_of(readers_.begin(), readers_.end(),
                     [](const Reader* reader) { return reader->reading_.load(std::memory_order_seq_cst); });
}

}  // namespace mtl
