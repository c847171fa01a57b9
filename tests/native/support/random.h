// Random numbers that are the same with every standard library.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace support {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  // In [low, high).
  double Uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53;
  }
  // In 0 ... bound - 1.
  int Below(int bound) { return static_cast<int>(engine_() % static_cast<uint64_t>(bound)); }

  std::vector<float> Floats(size_t count, double low, double high) {
    std::vector<float> values(count);
    for (float& v : values) v = static_cast<float>(Uniform(low, high));
    return values;
  }

  template <typename T>
  void Shuffle(std::vector<T>& values) {
    for (size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[Below(static_cast<int>(i))]);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace support
