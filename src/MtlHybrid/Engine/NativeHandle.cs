using System.Runtime.InteropServices;

namespace MtlHybrid.Engine;

/// <summary>Owns one native object. Create the handle first and then call Marshal.InitHandle, so that nothing leaks in between.</summary>
internal abstract class NativeHandle() : SafeHandle(0, ownsHandle: true)
{
    private long _pressure;

    public sealed override bool IsInvalid => handle == 0;

    /// <summary>Tells the collector how much more native memory hangs on this handle, or how much less (negative).</summary>
    public void AddPressure(long bytes)
    {
        if (bytes > 0)
            GC.AddMemoryPressure(bytes);
        else if (bytes < 0)
            GC.RemoveMemoryPressure(-bytes);
        _pressure += bytes;
    }

    protected sealed override bool ReleaseHandle()
    {
        Destroy(handle);
        if (_pressure > 0)
            GC.RemoveMemoryPressure(_pressure);
        return true;
    }

    protected abstract void Destroy(nint pointer);
}
