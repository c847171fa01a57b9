// What the opaque handles of the C interface are.
#ifndef MTL_API_HANDLES_H
#define MTL_API_HANDLES_H

#include <memory>

#include "api/guard.h"
#include "graph/context.h"
#include "graph/dataset.h"
#include "graph/graph.h"
#include "graph/network.h"
#include "graph/predictor.h"

struct mtl_context {
  std::shared_ptr<mtl::Context> context;
};

struct mtl_dataset {
  mtl::Dataset dataset;
};

struct mtl_graph {
  mtl::Graph graph;
};

struct mtl_network {
  std::shared_ptr<mtl::Network> network;
};

struct mtl_predictor {
  mtl::Predictor predictor;
};

namespace mtl {

// As guard, with the right to use the network's context; body(network).
template <typename Handle, typename Body>
mtl_status with_network(const char* function, Handle* handle, const Body& body) noexcept {
  return guard(function, [&] {
    require_pointer(handle, "network");
    handle->network->context()->use([&] { body(*handle->network); });
  });
}

template <typename Body>
mtl_status with_dataset(const char* function, mtl_dataset* handle, const Body& body) noexcept {
  return guard(function, [&] {
    require_pointer(handle, "dataset");
    handle->dataset.context()->use([&] { body(handle->dataset); });
  });
}

}  // namespace mtl

#endif
