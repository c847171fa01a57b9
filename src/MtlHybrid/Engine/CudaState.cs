namespace MtlHybrid.Engine;

/// <summary>Whether CUDA devices can be used, and if not, what stands in the way.</summary>
public enum CudaState
{
    /// <summary>The plug-in is open and the driver shows a device.</summary>
    Usable = 0,

    /// <summary>The plug-in's file is not there.</summary>
    NoPlugin = 1,

    /// <summary>The system's loader refuses the plug-in, for want of a library for example.</summary>
    NotLoaded = 2,

    /// <summary>The plug-in belongs to another version of the native library.</summary>
    OtherVersion = 3,

    /// <summary>There is no driver, or it does not answer.</summary>
    NoDriver = 4,

    /// <summary>The driver shows no device.</summary>
    NoDevice = 5,
}
