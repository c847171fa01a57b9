// The one exception of the core: a status of the C interface and a text for people.
#ifndef MTL_BACKEND_ERROR_H
#define MTL_BACKEND_ERROR_H

#include <exception>
#include <sstream>
#include <string>

#include "mtl/mtl.h"

namespace mtl {

class Error : public std::exception {
 public:
  Error(mtl_status status, std::string message) : status_(status), message_(std::move(message)) {}
  mtl_status status() const noexcept { return status_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  mtl_status status_;
  std::string message_;
};

// Joins its arguments to a text.
template <typename... Parts>
std::string text(const Parts&... parts) {
  std::ostringstream stream;
  (stream << ... << parts);
  return stream.str();
}

template <typename... Parts>
[[noreturn]] void fail(mtl_status status, const Parts&... parts) {
  throw Error(status, text(parts...));
}

// The argument must fulfil `condition`; the parts name it, what was expected and what came.
template <typename... Parts>
void require(bool condition, const Parts&... parts) {
  if (!condition) fail(MTL_INVALID_ARGUMENT, parts...);
}

}  // namespace mtl

#endif
