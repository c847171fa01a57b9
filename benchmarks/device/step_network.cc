#include "step_network.h"

#include <numeric>
#include <stdexcept>

void check(mtl_status status) {
  if (status != MTL_OK) {
    throw std::runtime_error(std::string(mtl_status_name(status)) + ": " + mtl_last_error());
  }
}

const char* name_of(Step step) {
  switch (step) {
    case Step::kJoint:
      return "joint";
    case Step::kSelective:
      return "selective";
    default:
      return "gram";
  }
}

namespace {

mtl_network* compile(mtl_context* context, const Shape& shape) {
  mtl_graph* graph = nullptr;
  check(mtl_graph_create(shape.tasks, &graph));
  int32_t node = -1;
  check(mtl_graph_dense_input(graph, StepProblem::kFeatures, &node));
  for (int layer = 0; layer < 3; ++layer) {
    check(mtl_graph_linear(graph, node, shape.hidden, 1, MTL_SHARED, &node));
    check(mtl_graph_activation(graph, node, MTL_RELU, &node));
  }
  mtl_loss_options loss;
  mtl_loss_options_init(&loss);
  for (int32_t task = 0; task < shape.tasks; ++task) {
    int32_t head = -1;
    check(mtl_graph_linear(graph, node, 1, 1, task, &head));
    check(mtl_graph_loss(graph, task, head, &loss));
  }
  mtl_compile_options options;
  mtl_compile_options_init(&options);
  options.max_batch = shape.batch;
  options.seed = 1;
  mtl_network* network = nullptr;
  check(mtl_network_compile(context, graph, &options, &network));
  mtl_graph_destroy(graph);
  return network;
}

mtl_dataset* upload(mtl_context* context, const StepProblem& problem) {
  mtl_dataset_options options;
  mtl_dataset_options_init(&options);
  options.features = StepProblem::kFeatures;
  options.tasks = problem.tasks;
  options.rows = StepProblem::kRows;
  mtl_dataset* dataset = nullptr;
  check(mtl_dataset_create(context, &options, &dataset));
  check(mtl_dataset_set_features(dataset, 0, StepProblem::kRows, problem.features.data()));
  check(mtl_dataset_set_labels(dataset, 0, StepProblem::kRows, problem.labels.data()));
  return dataset;
}

}  // namespace

StepNetwork::StepNetwork(mtl_context* context, const Shape& shape, Step step)
    : shape_(shape), step_(step), problem_(shape.tasks), groups_(problem_.groups()) {
  everyone_.resize(static_cast<size_t>(shape.tasks));
  std::iota(everyone_.begin(), everyone_.end(), 0);
  for (int64_t batch = 0; batch < StepProblem::kRows / shape.batch; ++batch) {
    batches_.push_back(problem_.rows_of(batch, shape.batch));
  }
  products_.resize(everyone_.size() * everyone_.size());
  ones_.assign(everyone_.size(), 1.0);
  mtl_update_options_init(&update_);
  update_.shared_learning_rate = update_.head_learning_rate = StepProblem::kLearningRate;

  dataset_ = upload(context, problem_);
  network_ = compile(context, shape);
  if (step == Step::kSelective) {
    mtl_affinity_options affinity;
    mtl_affinity_options_init(&affinity);
    affinity.enabled = 1;
    check(mtl_network_configure_affinity(network_, &affinity));
  }
  if (step == Step::kGram) {
    mtl_gradient_options gradients;
    mtl_gradient_options_init(&gradients);
    gradients.memory_share = 8;  // all tasks at once
    check(mtl_network_configure_gradients(network_, &gradients));
  }
}

StepNetwork::~StepNetwork() {
  mtl_network_destroy(network_);
  mtl_dataset_destroy(dataset_);
}

std::vector<float> StepNetwork::parameters() const {
  mtl_network_info info;
  mtl_network_info_init(&info);
  check(mtl_network_describe(network_, &info));
  std::vector<float> all;
  // The layout is that of the file: trunk first, then the heads, without the padding between.
  for (int32_t tensor = 0; tensor < info.parameter_tensors; ++tensor) {
    mtl_parameter_info where;
    mtl_parameter_info_init(&where);
    check(mtl_network_parameter(network_, tensor, &where));
    std::vector<float> values(static_cast<size_t>(where.rows) * static_cast<size_t>(where.columns));
    check(mtl_network_read(network_, MTL_BUFFER_PARAMETERS, where.offset, static_cast<int64_t>(values.size()),
                           values.data()));
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

void StepNetwork::step() {
  const std::vector<int32_t>& rows = batches_[batch_ % batches_.size()];
  check(mtl_network_begin_batch(network_, dataset_, rows.data(), shape_.batch, batch_++));
  switch (step_) {
    case Step::kJoint:
      check(mtl_network_update_group(network_, everyone_.data(), shape_.tasks, &update_));
      break;
    case Step::kSelective:
      for (const std::vector<int32_t>& group : groups_) {
        check(mtl_network_update_group(network_, group.data(), static_cast<int32_t>(group.size()), &update_));
      }
      break;
    case Step::kGram: {
      mtl_gradient_request request;
      mtl_gradient_request_init(&request);
      check(mtl_network_task_gradients(network_, everyone_.data(), shape_.tasks, &request, products_.data()));
      check(mtl_network_step_weighted(network_, everyone_.data(), shape_.tasks, ones_.data(), nullptr,
                                      &update_));
      break;
    }
  }
}

std::vector<double> StepNetwork::losses() const {
  std::vector<double> losses(everyone_.size());
  check(mtl_network_read_losses(network_, losses.data()));
  return losses;
}
