// Times training steps on a device, as JSON lines on standard output.
//
//   device_step [--device cpu|cuda] [--precision float32|tf32|bf16] [--threads N] [--rounds N] [--seconds S]
//               [--quick] [--problems FOLDER]
//   device_step --epoch N [--device ...]   N selective batches of (256, 256) and nothing else, for profilers
//
// One line for the device; then, with --problems, for each network the losses of its first steps, by which a
// peer (benchmarks/peers) shows that it trains the same; then a line for each step: medians over rounds in
// which all steps of a shape take turns, so that what slows the machine down slows all of them down.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "step_network.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kCheckedSteps = 10;

struct Options {
  std::string device = "cpu";
  std::string precision = "float32";
  int32_t threads = 0;
  int rounds = 9;
  double seconds = 0.05;  // of one step's part of a round
  bool quick = false;
  int64_t epoch = 0;
  std::string problems;
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Contender {
  Shape shape;
  Step step;
  std::unique_ptr<StepNetwork> network;
  int64_t steps = 1;              // in a round
  std::vector<double> seconds{};  // per step, by round
};

Options read_options(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string flag = words[i];
    const auto value = [&]() -> std::string {
      if (i + 1 == count) throw std::invalid_argument(flag + " needs a value");
      return words[++i];
    };
    if (flag == "--device") {
      options.device = value();
    } else if (flag == "--precision") {
      options.precision = value();
    } else if (flag == "--threads") {
      options.threads = std::stoi(value());
    } else if (flag == "--rounds") {
      options.rounds = std::stoi(value());
    } else if (flag == "--seconds") {
      options.seconds = std::stod(value());
    } else if (flag == "--epoch") {
      options.epoch = std::stoll(value());
    } else if (flag == "--problems") {
      options.problems = value();
    } else if (flag == "--quick") {
      options.quick = true;
    } else {
      throw std::invalid_argument("unknown option " + flag);
    }
  }
  if (options.device != "cpu" && options.device != "cuda") {
    throw std::invalid_argument("--device must be cpu or cuda, got " + options.device);
  }
  if (options.rounds < 1) throw std::invalid_argument("--rounds must be at least 1");
  return options;
}

int32_t precision_of(const std::string& name) {
  if (name == "float32") return MTL_PRECISION_FLOAT32;
  if (name == "tf32") return MTL_PRECISION_TENSOR_FLOAT32;
  if (name == "bf16") return MTL_PRECISION_BFLOAT16;
  throw std::invalid_argument("--precision must be float32, tf32 or bf16, got " + name);
}

mtl_context* open(const Options& options) {
  mtl_context_options native;
  mtl_context_options_init(&native);
  native.device_kind = options.device == "cuda" ? MTL_DEVICE_CUDA : MTL_DEVICE_CPU;
  native.threads = options.threads;
  native.precision = precision_of(options.precision);
  mtl_context* context = nullptr;
  check(mtl_context_create(&native, &context));
  return context;
}

// Text of the library's own may have quotes.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

void describe(const Options& options) {
  int32_t count = 0;
  check(mtl_device_count(&count));
  const int32_t kind = options.device == "cuda" ? MTL_DEVICE_CUDA : MTL_DEVICE_CPU;
  for (int32_t device = 0; device < count; ++device) {
    mtl_device_info info;
    mtl_device_info_init(&info);
    check(mtl_device_describe(device, &info));
    if (info.kind != kind) continue;
    std::cout << "{\"kind\":\"device\",\"program\":\"mtl\",\"device\":\"" << options.device
              << "\",\"precision\":\"" << options.precision << "\",\"name\":" << quoted(info.name)
              << ",\"detail\":" << quoted(info.detail) << ",\"build\":" << quoted(mtl_build_info()) << "}"
              << std::endl;
    return;
  }
}

std::string shape_fields(const Contender& contender) {
  return std::string("\"step\":\"") + name_of(contender.step) +
         "\",\"tasks\":" + std::to_string(contender.shape.tasks) +
         ",\"batch\":" + std::to_string(contender.shape.batch) +
         ",\"hidden\":" + std::to_string(contender.shape.hidden);
}

// The losses after each of the first steps; leaves the file with which others can do the same.
void show_losses(mtl_context* context, const Options& options, const Contender& contender) {
  StepNetwork network(context, contender.shape, contender.step);
  write_problem(options.problems, contender.shape, network.problem(), network.parameters());
  std::cout << "{\"kind\":\"losses\",\"program\":\"mtl\"," << shape_fields(contender) << ",\"losses\":[";
  for (int step = 0; step < kCheckedSteps; ++step) {
    network.step();
    std::cout << (step > 0 ? ",[" : "[");
    const std::vector<double> losses = network.losses();
    for (size_t task = 0; task < losses.size(); ++task) {
      std::cout << (task > 0 ? "," : "") << losses[task];
    }
    std::cout << "]";
  }
  std::cout << "]}" << std::endl;
}

double run(StepNetwork& network, int64_t steps) {
  const Clock::time_point start = Clock::now();
  for (int64_t i = 0; i < steps; ++i) network.step();
  network.losses();
  return seconds_since(start);
}

void time(const Options& options, std::vector<Contender>& contenders) {
  for (Contender& contender : contenders) {
    run(*contender.network, 3);
    while (true) {
      const double seconds = run(*contender.network, contender.steps);
      if (seconds >= options.seconds || contender.steps > int64_t{1} << 20) break;
      contender.steps *= 2;
    }
  }
  for (int round = 0; round < options.rounds; ++round) {
    for (Contender& contender : contenders) {
      contender.seconds.push_back(run(*contender.network, contender.steps) /
                                  static_cast<double>(contender.steps));
    }
  }
  for (Contender& contender : contenders) {
    std::sort(contender.seconds.begin(), contender.seconds.end());
    std::cout << "{\"kind\":\"step\",\"program\":\"mtl\",\"device\":\"" << options.device
              << "\",\"precision\":\"" << options.precision << "\"," << shape_fields(contender)
              << ",\"median_ms\":" << 1e3 * contender.seconds[contender.seconds.size() / 2]
              << ",\"fastest_ms\":" << 1e3 * contender.seconds.front()
              << ",\"slowest_ms\":" << 1e3 * contender.seconds.back() << ",\"rounds\":" << options.rounds
              << ",\"steps\":" << contender.steps << "}" << std::endl;
  }
}

void measure(mtl_context* context, const Options& options) {
  const std::vector<std::pair<int32_t, int32_t>> sizes = {{64, 128}, {256, 256}, {256, 512}, {1024, 512}};
  for (size_t size = 0; size < (options.quick ? 1 : sizes.size()); ++size) {
    const auto [batch, hidden] = sizes[size];
    const Shape seven{batch, hidden, 7}, sixteen{batch, hidden, 16};
    std::vector<Contender> contenders;
    for (const auto& [shape, step] :
         {std::pair{seven, Step::kJoint}, std::pair{seven, Step::kSelective}, std::pair{seven, Step::kGram},
          std::pair{sixteen, Step::kJoint}, std::pair{sixteen, Step::kGram}}) {
      contenders.push_back({shape, step, nullptr});
      if (!options.problems.empty()) show_losses(context, options, contenders.back());
      contenders.back().network = std::make_unique<StepNetwork>(context, shape, step);
    }
    time(options, contenders);
  }
}

}  // namespace

int main(int count, char** words) {
  try {
    const Options options = read_options(count, words);
    std::cout.precision(9);
    describe(options);
    mtl_context* context = open(options);
    if (options.epoch > 0) {
      StepNetwork network(context, {256, 256, 7}, Step::kSelective);
      std::cout << "{\"kind\":\"epoch\",\"seconds\":" << run(network, options.epoch)
                << ",\"batches\":" << options.epoch << "}" << std::endl;
    } else {
      measure(context, options);
    }
    mtl_context_destroy(context);
    return 0;
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "device_step: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "device_step: %s\n", error.what());
    return 1;
  }
}
