// The one place where exceptions of the core become statuses of the C interface.
#ifndef MTL_API_GUARD_H
#define MTL_API_GUARD_H

#include <new>
#include <stdexcept>

#include "backend/error.h"

namespace mtl {

// Keeps the text of this thread's last failure: "function: message".
void set_last_error(const char* function, const char* message) noexcept;

template <typename Body>
mtl_status guard(const char* function, const Body& body) noexcept {
  try {
    body();
    return MTL_OK;
  } catch (const Error& error) {
    set_last_error(function, error.what());
    return error.status();
  } catch (const std::bad_alloc&) {
    set_last_error(function, "out of memory");
    return MTL_OUT_OF_MEMORY;
  } catch (const std::length_error&) {
    set_last_error(function, "out of memory: a list is longer than can be addressed");
    return MTL_OUT_OF_MEMORY;
  } catch (const std::exception& error) {
    set_last_error(function, error.what());
    return MTL_INTERNAL;
  } catch (...) {
    set_last_error(function, "an unknown exception");
    return MTL_INTERNAL;
  }
}

inline void require_pointer(const void* pointer, const char* argument) {
  require(pointer != nullptr, argument, " is NULL");
}

}  // namespace mtl

#endif
