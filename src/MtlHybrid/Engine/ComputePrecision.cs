namespace MtlHybrid.Engine;

/// <summary>How matrix products are computed. Parameters, gradients and sums are 32-bit floats in any case.</summary>
public enum ComputePrecision
{
    /// <summary>32-bit floats; all the processor has.</summary>
    Full = 0,

    /// <summary>CUDA: factors are rounded to 10 bits of mantissa (TF32), sums have 32 bits.</summary>
    TensorFloat32 = 1,

    /// <summary>CUDA: factors are rounded to bfloat16, sums have 32 bits.</summary>
    BFloat16 = 2,
}
