// The system's loader of shared libraries.
#ifndef MTL_API_SHARED_LIBRARY_H
#define MTL_API_SHARED_LIBRARY_H

#include <filesystem>
#include <string>

namespace mtl {

class SharedLibrary {
 public:
  // The folder of the library or program that this code is part of.
  static std::filesystem::path own_folder();
  // Opens a file, for as long as the process lives; nothing and the loader's own words when it refuses.
  static SharedLibrary open(const std::filesystem::path& file, std::string& why);

  explicit operator bool() const { return handle_ != nullptr; }
  // nullptr when the library exports no such function.
  template <typename Function>
  Function function(const char* name) const {
    return reinterpret_cast<Function>(address_of(name));
  }

 private:
  void* address_of(const char* name) const;

  void* handle_ = nullptr;
};

}  // namespace mtl

#endif
