# Finds the BLAS the core multiplies matrices with and makes the target mtl_blas.
#
# Only cblas_sgemm is called, from threads of our own pool, so the BLAS must be safe to call from several threads at
# once. The default is OpenBLAS built for threads, of which the core lets it use none (src/cpu/gemm.cc), linked
# statically: the shared library then needs nothing but the C library, and there is never a second thread pool.
# Debian's OpenBLAS without threads (libopenblas-serial-dev 0.3.21) is not safe: two products at once
# share work areas, and now and then one comes out wrong.
set(MTL_BLAS_LIBRARY "" CACHE FILEPATH "A BLAS library with cblas_sgemm; empty: find a static OpenBLAS")

if(NOT MTL_BLAS_LIBRARY)
  find_library(
    MTL_OPENBLAS_FILE
    NAMES libopenblas.a openblas.lib
    PATHS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE} /usr/lib /usr/local/lib /opt/openblas/lib
    PATH_SUFFIXES openblas-pthread
    NO_DEFAULT_PATH
    NO_CACHE) # found anew each time: what an older clone found may no longer be the right one
  if(NOT MTL_OPENBLAS_FILE)
    message(
      FATAL_ERROR
        "No static OpenBLAS for threads found (openblas-pthread/libopenblas.a). On Debian and Ubuntu: "
        "apt-get install libopenblas-pthread-dev. Elsewhere build OpenBLAS with USE_THREAD=1 DYNAMIC_ARCH=1 "
        "and pass -DMTL_BLAS_LIBRARY=/path/to/libopenblas.a.")
  endif()
  set(MTL_BLAS_FILE ${MTL_OPENBLAS_FILE})
else()
  if(NOT EXISTS ${MTL_BLAS_LIBRARY})
    message(FATAL_ERROR "MTL_BLAS_LIBRARY: the file '${MTL_BLAS_LIBRARY}' does not exist.")
  endif()
  set(MTL_BLAS_FILE ${MTL_BLAS_LIBRARY})
endif()

add_library(mtl_blas INTERFACE)
target_link_libraries(mtl_blas INTERFACE ${MTL_BLAS_FILE})
if(UNIX)
  target_link_libraries(mtl_blas INTERFACE pthread m)
endif()

include(CheckFunctionExists)
get_target_property(CMAKE_REQUIRED_LIBRARIES mtl_blas INTERFACE_LINK_LIBRARIES)
check_function_exists(cblas_sgemm MTL_BLAS_HAS_SGEMM)
check_function_exists(openblas_get_config MTL_BLAS_IS_OPENBLAS)
unset(CMAKE_REQUIRED_LIBRARIES)
if(NOT MTL_BLAS_HAS_SGEMM)
  message(FATAL_ERROR "'${MTL_BLAS_FILE}' has no function cblas_sgemm, or cannot be linked without further libraries.")
endif()
if(MTL_BLAS_IS_OPENBLAS)
  target_compile_definitions(mtl_blas INTERFACE MTL_BLAS_IS_OPENBLAS)
endif()
message(STATUS "BLAS: ${MTL_BLAS_FILE}")
