using System.Runtime.InteropServices;
using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

/// <summary>The native library: loading it, and turning its status values into exceptions.</summary>
internal static unsafe class NativeCore
{
    /// <summary>Loads the library unless that has been done; comes before the first call of any kind.</summary>
    /// <exception cref="NativeLibraryException">It is missing, cannot be loaded, or has another ABI version.</exception>
    public static void EnsureLoaded()
    {
        try
        {
            _ = NativeLibraryLoader.EnsureLoaded();
        }
        catch (NativeLoadException e)
        {
            throw new NativeLibraryException(e);
        }
    }

    /// <summary>Returns on success; otherwise throws with the text of this thread's failure. Call it at once.</summary>
    public static void Check(mtl_status status)
    {
        if (status != mtl_status.MTL_OK)
            Throw(status);
    }

    /// <summary>UTF-8, zero-terminated.</summary>
    public static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static void Throw(mtl_status status)
    {
        string message = Text(NativeMethods.mtl_last_error());
        if (message.Length == 0)
            message = Text(NativeMethods.mtl_status_name(status));
        throw status == mtl_status.MTL_CANCELLED
            ? new OperationCanceledException(message)
            : new EngineException((EngineStatus)status, message);
    }
}
