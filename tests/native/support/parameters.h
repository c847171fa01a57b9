// Random parameters for a network under test.
#pragma once

#include "network.h"
#include "random.h"

namespace support {

// Initial parameters hide defects (a shift of zero, a scale of one); random ones do not. Returns the whole
// flat array as the network then has it.
inline std::vector<double> RandomizeParameters(Network& network, uint64_t seed) {
  Random random(seed);
  std::vector<float> values = network.Read(MTL_BUFFER_PARAMETERS);
  for (const reference::Tensor& tensor : network.layout().tensors) {
    // Keeps the sums of wide layers of the order of one.
    const double bound =
        tensor.role == MTL_ROLE_WEIGHT && tensor.rows > 1 ? std::sqrt(3.0 / tensor.columns) : 1;
    for (int64_t i = 0; i < tensor.size(); ++i) {
      values[tensor.offset + i] = static_cast<float>(random.Uniform(-bound, bound));
    }
  }
  network.Write(MTL_BUFFER_PARAMETERS, values);
  return {values.begin(), values.end()};
}

}  // namespace support
