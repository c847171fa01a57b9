namespace MtlHybrid.Tests.Reference;

internal enum ReferenceLoss
{
    Square,
    Logistic,
    Softmax,
}

internal sealed record ReferenceTask(ReferenceLoss Loss, int Width);
