using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

/// <summary>A predictor of a network.</summary>
internal sealed unsafe class PredictorHandle : NativeHandle
{
    protected override void Destroy(nint pointer) => NativeMethods.mtl_predictor_destroy((mtl_predictor*)pointer);
}
