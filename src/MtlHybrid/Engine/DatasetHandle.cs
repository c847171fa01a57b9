using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

/// <summary>A data set on a device.</summary>
internal sealed unsafe class DatasetHandle : NativeHandle
{
    protected override void Destroy(nint pointer) => NativeMethods.mtl_dataset_destroy((mtl_dataset*)pointer);
}
