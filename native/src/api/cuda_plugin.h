// Opening the CUDA plug-in, and why it is not used.
#ifndef MTL_API_CUDA_PLUGIN_H
#define MTL_API_CUDA_PLUGIN_H

#include <string>

#include "backend/cuda_plugin.h"

namespace mtl {

struct CudaPluginFile {
  std::string path;  // UTF-8
  mtl_cuda_state state = MTL_CUDA_NO_PLUGIN;
  std::string reason;                  // for people; empty when it is open
  const CudaPlugin* plugin = nullptr;  // nullptr: not open
};

// What the driver shows right now.
struct CudaDevices {
  mtl_cuda_state state = MTL_CUDA_NO_PLUGIN;
  std::string reason;  // for people; empty when there are devices
  int32_t count = 0;
};

// Opens a plug-in, for as long as the process lives. A file that is no plug-in is no error but a reason.
CudaPluginFile open_cuda_plugin(const std::string& path);

// The plug-in of this process: the file that MTLHYBRID_CUDA_PATH names, else the one beside this library.
// Opened by the first call.
const CudaPluginFile& cuda_plugin();

CudaDevices cuda_devices(const CudaPluginFile& file);

}  // namespace mtl

#endif
