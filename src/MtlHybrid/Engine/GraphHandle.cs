using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

/// <summary>A graph under construction.</summary>
internal sealed unsafe class GraphHandle : NativeHandle
{
    protected override void Destroy(nint pointer) => NativeMethods.mtl_graph_destroy((mtl_graph*)pointer);
}
