// What a step asks of the device, put off.
#ifndef MTL_CUDA_COMMAND_LIST_H
#define MTL_CUDA_COMMAND_LIST_H

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cuda/launch.h"
#include "cuda/matrix_library.h"

namespace mtl {

struct Command {
  enum class Kind : int32_t { kKernel, kProduct, kCopy, kClear };

  Kind kind = Kind::kKernel;
  // Of a kernel. Its arguments are some of those of the list, and their values lie one behind the other.
  KernelCall kernel{};
  size_t first_argument = 0, arguments = 0;
  size_t first_value = 0, value_bytes = 0;
  Product product{};
  void* target = nullptr;  // of a copy; what is cleared
  const void* source = nullptr;
  int64_t bytes = 0;
};

// Commands in their order, the arguments of kernels, and arrays of the host that are brought to one place on
// the device before the first command. For one thread at a time.
class CommandList {
 public:
  // room: where arrays go, [bytes] on the device.
  CommandList(char* room, int64_t bytes) : room_(room), room_bytes_(static_cast<size_t>(bytes)) {}

  void add_kernel(const KernelCall& call, const KernelArgument* arguments, size_t count);
  void add_product(const Product& product);
  void add_copy(void* target, const void* source, int64_t bytes);
  void add_clear(void* memory, int64_t bytes);
  // Where a copy of the array will be on the device, aligned to 16 bytes; nullptr: there is no room for it.
  const void* stage(const void* host, int64_t bytes);

  // After the commands were done: takes them out. What was staged stays where it is until the step has ended.
  void clear_commands();
  void clear();

  const std::vector<Command>& commands() const { return commands_; }
  // The addresses of the arguments of a kernel, among the values of a list of this structure.
  void** arguments(const Command& command, const char* values);
  const std::vector<char>& values() const { return values_; }

  // What the commands need that are there now.
  int64_t staged_bytes() const { return static_cast<int64_t>(staged_.size() - brought_); }
  const char* staged() const { return staged_.data() + brought_; }
  char* staged_target() const { return room_ + brought_; }

  // Lists of the same structure differ in the arguments of kernels and in what is staged alone.
  const std::vector<uint64_t>& structure() const { return structure_; }

 private:
  Command& add(Command::Kind kind);

  char* room_;
  size_t room_bytes_;
  std::vector<char> staged_;
  size_t brought_ = 0;  // of it, by commands that were done
  std::vector<Command> commands_;
  std::vector<char> values_;
  std::vector<size_t> argument_at_;  // in values_
  std::vector<void*> addresses_;
  std::vector<uint64_t> structure_;
};

}  // namespace mtl

#endif
