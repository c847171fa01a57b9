// Stands for NVIDIA's header of this name when the CUDA sources are compiled for tests with the host
// compiler: what native/src/cuda uses, and no more. See emulation.h.
#pragma once

#include "device_language.h"
#include "emulation.h"
#include "runtime_api.h"
