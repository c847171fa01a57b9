#include "api/shared_library.h"

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

#include <system_error>

namespace mtl {
namespace {

// Its address lies in the library or program that this code is part of.
const char here = 0;

}  // namespace

#if defined(_WIN32)

std::filesystem::path SharedLibrary::own_folder() {
  HMODULE module = nullptr;
  const DWORD flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
  std::wstring file(32768, L'\0');  // longer than any path
  if (!GetModuleHandleExW(flags, reinterpret_cast<LPCWSTR>(&here), &module)) return {};
  file.resize(GetModuleFileNameW(module, file.data(), static_cast<DWORD>(file.size())));
  return std::filesystem::path(file).parent_path();
}

SharedLibrary SharedLibrary::open(const std::filesystem::path& file, std::string& why) {
  SharedLibrary library;
  // What the library needs is looked for beside it too.
  const DWORD flags = LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS;
  library.handle_ = LoadLibraryExW(std::filesystem::absolute(file).c_str(), nullptr, flags);
  if (!library) why = std::system_category().message(static_cast<int>(GetLastError()));
  return library;
}

void* SharedLibrary::address_of(const char* name) const {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(handle_), name));
}

#else

std::filesystem::path SharedLibrary::own_folder() {
  std::error_code error;
  std::filesystem::path file;
  Dl_info info{};
  if (dladdr(&here, &info) != 0 && info.dli_fname != nullptr) file = info.dli_fname;
  // A program's name is what it was called by, which need not be a path.
  if (!file.has_parent_path()) file = std::filesystem::read_symlink("/proc/self/exe", error);
  return std::filesystem::absolute(file.parent_path(), error);
}

SharedLibrary SharedLibrary::open(const std::filesystem::path& file, std::string& why) {
  SharedLibrary library;
  // An absolute path: a bare name would be looked for elsewhere.
  library.handle_ = dlopen(std::filesystem::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char* words = dlerror();
    why = words != nullptr ? words : "the loader says nothing";
  }
  return library;
}

void* SharedLibrary::address_of(const char* name) const {
  return dlsym(handle_, name);
}

#endif

}  // namespace mtl
