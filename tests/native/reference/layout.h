// Where the parameters of a network lie in its flat arrays: what the network under test says about itself.
#pragma once

#include <mtl/mtl.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace reference {

struct Tensor {
  int node = -1;
  int role = MTL_ROLE_WEIGHT;
  int owner = MTL_SHARED;
  int rows = 0;
  int columns = 0;
  int64_t offset = 0;

  int64_t size() const { return int64_t{rows} * columns; }
};

struct Slice {
  int64_t offset = 0;
  int64_t count = 0;
};

struct Layout {
  int64_t parameters = 0;
  std::vector<Tensor> tensors;
  std::vector<Slice> slices;  // [shared, task 0, task 1, ...]

  const Tensor& Find(int node, mtl_parameter_role role) const {
    for (const Tensor& tensor : tensors) {
      if (tensor.node == node && tensor.role == role) return tensor;
    }
    throw std::runtime_error("no tensor of role " + std::to_string(role) + " at node " +
                             std::to_string(node));
  }

  const Slice& Of(int owner) const { return slices[owner + 1]; }
};

}  // namespace reference
