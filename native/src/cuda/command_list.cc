#include "cuda/command_list.h"

#include <cstring>

namespace mtl {
namespace {

// Of arguments, and of arrays on the device.
constexpr size_t kAlignment = 16;

size_t aligned(size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

// Two numbers of 32 bits.
uint64_t both(uint64_t low, uint64_t high) {
  return low | high << 32;
}

uint64_t place(const void* pointer) {
  return static_cast<uint64_t>(reinterpret_cast<uintptr_t>(pointer));
}

}  // namespace

Command& CommandList::add(Command::Kind kind) {
  if (commands_.empty()) structure_ = {brought_, staged_.size()};  // where what is staged begins and ends
  commands_.emplace_back();
  commands_.back().kind = kind;
  structure_.push_back(static_cast<uint64_t>(kind));
  return commands_.back();
}

void CommandList::add_kernel(const KernelCall& call, const KernelArgument* arguments, size_t count) {
  Command& command = add(Command::Kind::kKernel);
  command.kernel = call;
  command.first_argument = argument_at_.size();
  command.arguments = count;
  command.first_value = values_.size();
  for (size_t i = 0; i < count; ++i) {
    const size_t at = values_.size();
    argument_at_.push_back(at);
    values_.resize(at + aligned(arguments[i].bytes));
    std::memcpy(values_.data() + at, arguments[i].value, arguments[i].bytes);
  }
  command.value_bytes = values_.size() - command.first_value;
  const dim3 grid = call.shape.grid, block = call.shape.block;
  for (const uint64_t word : {place(call.function), both(grid.x, grid.y), both(grid.z, block.x),
                              both(block.y, block.z), static_cast<uint64_t>(call.shape.shared_bytes)}) {
    structure_.push_back(word);
  }
}

void CommandList::add_product(const Product& product) {
  add(Command::Kind::kProduct).product = product;
  const auto word = [](int32_t value) { return static_cast<uint64_t>(static_cast<uint32_t>(value)); };
  const uint64_t form = (product.transpose_a ? 1u : 0u) | (product.transpose_b ? 2u : 0u) |
                        (product.write == Write::kAccumulate ? 4u : 0u);
  for (const uint64_t part :
       {place(product.a), place(product.b), place(product.c), place(product.vector),
        both(word(product.m), word(product.n)), both(word(product.k), word(product.stride_a)),
        both(form, word(static_cast<int32_t>(product.epilogue)))}) {
    structure_.push_back(part);
  }
}

void CommandList::add_copy(void* target, const void* source, int64_t bytes) {
  Command& command = add(Command::Kind::kCopy);
  command.target = target;
  command.source = source;
  command.bytes = bytes;
  for (const uint64_t word : {place(target), place(source), static_cast<uint64_t>(bytes)}) {
    structure_.push_back(word);
  }
}

void CommandList::add_clear(void* memory, int64_t bytes) {
  Command& command = add(Command::Kind::kClear);
  command.target = memory;
  command.bytes = bytes;
  structure_.push_back(place(memory));
  structure_.push_back(static_cast<uint64_t>(bytes));
}

const void* CommandList::stage(const void* host, int64_t bytes) {
  const size_t at = staged_.size(), size = static_cast<size_t>(bytes);
  if (at + aligned(size) > room_bytes_) return nullptr;
  staged_.resize(at + aligned(size));
  if (!structure_.empty()) structure_[1] = staged_.size();
  std::memcpy(staged_.data() + at, host, size);
  return room_ + at;
}

void CommandList::clear_commands() {
  brought_ = staged_.size();
  commands_.clear();
  values_.clear();
  argument_at_.clear();
  structure_.clear();
}

void CommandList::clear() {
  clear_commands();
  staged_.clear();
  brought_ = 0;
}

void** CommandList::arguments(const Command& command, const char* values) {
  addresses_.clear();
  for (size_t i = 0; i < command.arguments; ++i) {
    addresses_.push_back(const_cast<char*>(values) + argument_at_[command.first_argument + i]);
  }
  return addresses_.data();
}

}  // namespace mtl
