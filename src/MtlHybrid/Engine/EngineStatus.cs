namespace MtlHybrid.Engine;

/// <summary>Why a call into the native core failed.</summary>
public enum EngineStatus
{
    /// <summary>An argument is outside its documented range.</summary>
    InvalidArgument = 1,

    /// <summary>The call does not fit what was called before (no batch begun, for example).</summary>
    InvalidState = 2,

    /// <summary>Memory could not be had.</summary>
    OutOfMemory = 3,

    /// <summary>The device is not there, or refused.</summary>
    DeviceError = 4,

    /// <summary>The device failed for good; every later call on it answers so.</summary>
    DeviceLost = 5,

    /// <summary>Another thread is inside a call on the same device.</summary>
    Busy = 6,

    /// <summary>A defect of the library.</summary>
    Internal = 8,
}
