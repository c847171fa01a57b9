// Graphs: work that is described once and launched many times.
#pragma once

#include <cstddef>
#include <functional>

#include "emulation.h"

namespace emulation {

mtl_emulation_counts& counts();

// Adds work to a graph, behind what was captured into it before.
void add_captured(Graph& graph, std::function<void()> work);

// Graphs and executable graphs that were not destroyed.
size_t graphs_left();

}  // namespace emulation
