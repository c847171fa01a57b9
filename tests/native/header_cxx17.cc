// Compiled as C++17 with -pedantic: the header is older C++ than the library.
#include <mtl/mtl.h>
