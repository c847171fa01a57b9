#include "cuda/launch.h"

namespace mtl {

Launcher::Launcher(int32_t device) : device_(device) {
  use();
  // Not ordered with the stream that other libraries of the process share.
  check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "making a stream");
}

Launcher::~Launcher() {
  // After a lasting failure these fail as well, and there is nobody to tell.
  cudaSetDevice(device_);
  cudaStreamDestroy(stream_);
}

void Launcher::use() const {
  check(cudaSetDevice(device_), "choosing the device");
}

void Launcher::wait(const char* what) const {
  use();
  check(cudaStreamSynchronize(stream_), what);
}

}  // namespace mtl
