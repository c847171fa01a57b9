// The forward pass in double precision, one plain loop per op.
#pragma once

#include <cmath>
#include <map>
#include <numbers>
#include <vector>

#include "graph.h"
#include "layout.h"

namespace reference {

struct Matrix {
  int rows = 0;
  int columns = 0;
  std::vector<double> values;

  Matrix() = default;
  Matrix(int r, int c) : rows(r), columns(c), values(static_cast<size_t>(r) * c, 0.0) {}
  double& at(int r, int c) { return values[static_cast<size_t>(r) * columns + c]; }
  double at(int r, int c) const { return values[static_cast<size_t>(r) * columns + c]; }
};

// By dropout node: the factor (0 or 1 / (1 - p)) of each element [batch, width]. A node that is not listed is
// the identity, as outside training.
using DropoutMasks = std::map<int, Matrix>;

inline double Activate(mtl_activation kind, double x) {
  switch (kind) {
    case MTL_RELU:
      return x > 0 ? x : 0;
    case MTL_GELU:
      return 0.5 * x * std::erfc(-x / std::numbers::sqrt2);
    case MTL_GELU_TANH:
      return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
    case MTL_SILU:
      return x / (1 + std::exp(-x));
    case MTL_TANH:
      return std::tanh(x);
    case MTL_SIGMOID:
      return 1 / (1 + std::exp(-x));
    default:
      throw std::runtime_error("the reference does not know this activation");
  }
}

class Forward {
 public:
  Forward(const Graph& graph, const Layout& layout) : graph_(graph), layout_(layout) {}

  // The value of every node; the categorical input stays empty.
  std::vector<Matrix> Run(const std::vector<double>& parameters, const Rows& rows,
                          const DropoutMasks& masks = {}) const {
    std::vector<Matrix> values(graph_.nodes.size());
    Rerun(0, values, parameters, rows, masks);
    return values;
  }

  // The raw outputs [rows, outputs], in task order.
  std::vector<double> Outputs(const std::vector<double>& parameters, const Rows& rows) const {
    const std::vector<Matrix> values = Run(parameters, rows);
    std::vector<double> outputs;
    for (int r = 0; r < rows.count; ++r) {
      for (const Graph::TaskOutput& output : graph_.outputs) {
        const Matrix& y = values[output.prediction];
        for (int c = 0; c < y.columns; ++c) outputs.push_back(y.at(r, c));
      }
    }
    return outputs;
  }

  // Evaluates `first` and every later node again, for parameters that changed nowhere before it.
  void Rerun(int first, std::vector<Matrix>& values, const std::vector<double>& parameters, const Rows& rows,
             const DropoutMasks& masks) const {
    for (int n = first; n < static_cast<int>(graph_.nodes.size()); ++n) {
      values[n] = Evaluate(n, values, parameters, rows, masks);
    }
  }

 private:
  Matrix Evaluate(int n, const std::vector<Matrix>& values, const std::vector<double>& parameters,
                  const Rows& rows, const DropoutMasks& masks) const {
    const Node& node = graph_.nodes[n];
    Matrix y(rows.count, node.width);
    switch (node.kind) {
      case NodeKind::kDenseInput:
        for (size_t i = 0; i < y.values.size(); ++i) y.values[i] = rows.dense[i];
        break;
      case NodeKind::kCategoricalInput:
        return {};
      case NodeKind::kLinear:
        Linear(n, values[node.inputs[0]], parameters, y);
        break;
      case NodeKind::kActivation:
        y = values[node.inputs[0]];
        for (double& v : y.values) v = Activate(node.activation, v);
        break;
      case NodeKind::kLayerNorm:
        LayerNorm(n, values[node.inputs[0]], parameters, y);
        break;
      case NodeKind::kDropout: {
        y = values[node.inputs[0]];
        const auto mask = masks.find(n);
        if (mask == masks.end()) break;
        for (size_t i = 0; i < y.values.size(); ++i) y.values[i] *= mask->second.values.at(i);
        break;
      }
      case NodeKind::kEmbedding: {
        const Tensor& table = layout_.Find(n, MTL_ROLE_TABLE);
        for (int r = 0; r < rows.count; ++r) {
          const int64_t code = rows.categories[static_cast<size_t>(r) * rows.columns + node.column];
          for (int c = 0; c < node.width; ++c) y.at(r, c) = parameters[table.offset + code * node.width + c];
        }
        break;
      }
      case NodeKind::kConcatenate: {
        int start = 0;
        for (int input : node.inputs) {
          const Matrix& x = values[input];
          for (int r = 0; r < x.rows; ++r) {
            for (int c = 0; c < x.columns; ++c) y.at(r, start + c) = x.at(r, c);
          }
          start += x.columns;
        }
        break;
      }
      case NodeKind::kAdd:
        for (size_t i = 0; i < y.values.size(); ++i) {
          y.values[i] = values[node.inputs[0]].values[i] + values[node.inputs[1]].values[i];
        }
        break;
    }
    return y;
  }

  void Linear(int n, const Matrix& x, const std::vector<double>& parameters, Matrix& y) const {
    const double* weight = parameters.data() + layout_.Find(n, MTL_ROLE_WEIGHT).offset;
    const double* bias =
        graph_.nodes[n].bias ? parameters.data() + layout_.Find(n, MTL_ROLE_BIAS).offset : nullptr;
    for (int r = 0; r < y.rows; ++r) {
      for (int o = 0; o < y.columns; ++o) {
        double sum = bias ? bias[o] : 0.0;
        for (int i = 0; i < x.columns; ++i)
          sum += x.at(r, i) * weight[static_cast<size_t>(o) * x.columns + i];
        y.at(r, o) = sum;
      }
    }
  }

  void LayerNorm(int n, const Matrix& x, const std::vector<double>& parameters, Matrix& y) const {
    const double* scale = parameters.data() + layout_.Find(n, MTL_ROLE_WEIGHT).offset;
    const double* shift = parameters.data() + layout_.Find(n, MTL_ROLE_BIAS).offset;
    for (int r = 0; r < y.rows; ++r) {
      double mean = 0;
      for (int c = 0; c < x.columns; ++c) mean += x.at(r, c) / x.columns;
      double variance = 0;
      for (int c = 0; c < x.columns; ++c) variance += std::pow(x.at(r, c) - mean, 2) / x.columns;
      const double inverse = 1 / std::sqrt(variance + graph_.nodes[n].epsilon);
      for (int c = 0; c < x.columns; ++c) y.at(r, c) = scale[c] * (x.at(r, c) - mean) * inverse + shift[c];
    }
  }

  const Graph& graph_;
  const Layout& layout_;
};

}  // namespace reference
