namespace MtlHybrid.Engine;

/// <summary>
/// Holds a handle open for the length of one native call: Dispose on another thread takes effect when the call has returned.
/// </summary>
internal readonly ref struct HandleLease
{
    private readonly NativeHandle _handle;

    /// <param name="handle">The handle to hold.</param>
    /// <param name="owner">Named in the exception when the handle is closed.</param>
    /// <exception cref="ObjectDisposedException">The handle is closed.</exception>
    public HandleLease(NativeHandle handle, object owner)
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, owner);
        bool added = false;
        handle.DangerousAddRef(ref added);
        _handle = handle;
        Pointer = handle.DangerousGetHandle();
    }

    public nint Pointer { get; }

    public void Dispose() => _handle.DangerousRelease();
}
