#include "failure.h"

#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

#include "block_runner.h"

namespace emulation {

void fail(const char* format, ...) {
  // No streams: this also runs in a signal handler.
  char text[1024];
  int length = std::snprintf(text, sizeof(text), "CUDA emulation: ");
  va_list arguments;
  va_start(arguments, format);
  length += std::vsnprintf(text + length, sizeof(text) - length, format, arguments);
  va_end(arguments);
  if (length > static_cast<int>(sizeof(text)) - 1) length = sizeof(text) - 1;
  length += describe_running(text + length, static_cast<int>(sizeof(text)) - length);
  if (length > static_cast<int>(sizeof(text)) - 2) length = sizeof(text) - 2;
  text[length++] = '\n';
  std::fflush(nullptr);
  const ssize_t written = write(STDERR_FILENO, text, static_cast<size_t>(length));
  static_cast<void>(written);
  std::abort();
}

}  // namespace emulation
