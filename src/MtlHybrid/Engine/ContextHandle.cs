using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

/// <summary>A device that is open.</summary>
internal sealed unsafe class ContextHandle : NativeHandle
{
    protected override void Destroy(nint pointer) => NativeMethods.mtl_context_destroy((mtl_context*)pointer);
}
