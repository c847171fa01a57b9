// Structs that grow: the caller's struct_size says which fields it knows.
#ifndef MTL_API_OPTIONS_H
#define MTL_API_OPTIONS_H

#include <algorithm>
#include <cstring>

#include "api/guard.h"

namespace mtl {

// Larger than any struct will ever be; what lies above is a forgotten *_init.
constexpr uint32_t kLargestStruct = 4096;

inline void check_struct_size(uint32_t size, const char* argument) {
  require(size >= sizeof(uint32_t) && size <= kLargestStruct, argument,
          ".struct_size must be set by *_init, but is ", size);
}

// An enum as it came from the caller, who may be no C++ and have passed a negative number: C++ must not read
// that as a value of the enum. Which of the others are known is checked where they are used.
template <typename Enum>
Enum read_enum(const Enum& given, const char* argument) {
  int32_t value = 0;
  static_assert(sizeof(value) == sizeof(given));
  std::memcpy(&value, &given, sizeof(value));
  require(value >= 0, argument, " must be at least 0, but is ", value);
  return static_cast<Enum>(value);
}

// The caller's options; fields it does not know keep the defaults of `init`, fields this library does not
// know must be zero.
template <typename Options>
Options read_options(const Options* given, void (*init)(Options*), const char* argument) {
  require_pointer(given, argument);
  uint32_t size = 0;
  std::memcpy(&size, given, sizeof(size));
  check_struct_size(size, argument);
  for (size_t i = sizeof(Options); i < size; ++i) {
    require(reinterpret_cast<const char*>(given)[i] == 0, argument,
            " comes from a newer header and sets a field this library does not know");
  }
  Options options;
  init(&options);
  std::memcpy(&options, given, std::min<size_t>(size, sizeof(Options)));
  options.struct_size = sizeof(Options);
  return options;
}

// Fills what the caller knows of an output struct.
template <typename Info>
void write_info(const Info& info, Info* target) {
  const uint32_t size = target->struct_size;
  std::memcpy(target, &info, std::min<size_t>(size, sizeof(Info)));
  target->struct_size = size;
}

}  // namespace mtl

#endif
