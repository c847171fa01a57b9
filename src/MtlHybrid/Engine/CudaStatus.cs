namespace MtlHybrid.Engine;

/// <summary>Whether CUDA devices can be used on this machine, and if not, exactly why.</summary>
/// <param name="State">What was found.</param>
/// <param name="Devices">How many devices the driver shows.</param>
/// <param name="Reason">Why CUDA is not used, in the words of the loader or driver; empty when it can be.</param>
/// <param name="PluginPath">The plug-in's file, there or not: beside the native library, or what the environment variable
/// MTLHYBRID_CUDA_PATH names.</param>
/// <param name="PluginBuild">Toolkit and architectures the plug-in was built with; empty when it is not open.</param>
public sealed record CudaStatus(CudaState State, int Devices, string Reason, string PluginPath, string PluginBuild)
{
    /// <summary>What a person can do about it; empty when there is nothing to do.</summary>
    public string Remedy => State switch
    {
        CudaState.Usable => "",
        CudaState.NoPlugin =>
            "Build the plug-in with './build.sh build --cuda=on' (needs the CUDA toolkit, 11.8 or newer), reference the package that carries it "
            + "(MtlHybrid.Cuda.linux-x64), or set MTLHYBRID_CUDA_PATH to its file.",
        CudaState.NotLoaded =>
            "Install the library that is named (cuBLASLt comes with the CUDA toolkit, or alone: libcublaslt11 on Debian), or add its folder to "
            + "LD_LIBRARY_PATH (on Windows: PATH).",
        CudaState.OtherVersion => "Use the plug-in and the native library of one build.",
        CudaState.NoDriver =>
            "Install or update the NVIDIA driver until nvidia-smi lists the GPU; a container must be started with its GPUs (docker run --gpus all).",
        CudaState.NoDevice => "Check that nvidia-smi lists the GPU, and that CUDA_VISIBLE_DEVICES does not hide it.",
        _ => "",
    };
}
