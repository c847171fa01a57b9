using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

/// <summary>A compiled network.</summary>
internal sealed unsafe class NetworkHandle : NativeHandle
{
    protected override void Destroy(nint pointer) => NativeMethods.mtl_network_destroy((mtl_network*)pointer);
}
