using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

// Forward passes without dropout. They end the current batch, and end early after Device.RequestCancel.
public sealed unsafe partial class Network
{
    /// <summary>Raw outputs (logits, standardised values) for any number of rows.</summary>
    /// <param name="features">[rows, features], row-major.</param>
    /// <param name="codes">[rows, categorical columns], row-major.</param>
    /// <param name="rows">Number of rows; 0 or more.</param>
    /// <param name="outputs">[rows, outputs], written, in task order.</param>
    /// <exception cref="OperationCanceledException">After <see cref="Device.RequestCancel"/>.</exception>
    public void Predict(ReadOnlySpan<float> features, ReadOnlySpan<int> codes, int rows, Span<float> outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        SpanLength.Require(features.Length, (long)rows * Features, nameof(features), "rows x features");
        SpanLength.Require(codes.Length, (long)rows * CategoricalColumns, nameof(codes), "rows x categorical columns");
        SpanLength.Require(outputs.Length, (long)rows * Outputs, nameof(outputs), "rows x outputs");
        using HandleLease network = Lease();
        if (rows == 0)
            return;
        fixed (float* featureValues = features, outputValues = outputs)
        fixed (int* codeValues = codes)
        {
            NativeCore.Check(NativeMethods.mtl_network_predict(
                (mtl_network*)network.Pointer, featureValues, codeValues, rows, outputValues));
        }
    }

    /// <summary>Raw outputs for rows of a data set.</summary>
    /// <param name="data">With the network's inputs, on its device.</param>
    /// <param name="rows">Row indices; any number.</param>
    /// <param name="outputs">[rows, outputs], written, in task order.</param>
    /// <exception cref="OperationCanceledException">After <see cref="Device.RequestCancel"/>.</exception>
    public void PredictRows(DeviceDataset data, ReadOnlySpan<int> rows, Span<float> outputs)
    {
        ArgumentNullException.ThrowIfNull(data);
        SpanLength.Require(outputs.Length, (long)rows.Length * Outputs, nameof(outputs), "rows x outputs");
        using HandleLease network = Lease();
        using var dataset = new HandleLease(data.Handle, data);
        if (rows.IsEmpty)
            return;
        fixed (int* first = rows)
        fixed (float* outputValues = outputs)
        {
            NativeCore.Check(NativeMethods.mtl_network_predict_rows(
                (mtl_network*)network.Pointer, (mtl_dataset*)dataset.Pointer, first, rows.Length, outputValues));
        }
    }

    /// <summary>Losses over rows of a data set: per task the weighted sum over the labelled samples and the sum of weights. Their
    /// quotient is the mean loss.</summary>
    /// <param name="data">With the network's inputs and tasks, on its device.</param>
    /// <param name="rows">Row indices; at least one.</param>
    /// <param name="lossSums">[tasks], written.</param>
    /// <param name="weightSums">[tasks], written; 0 where no row has a label.</param>
    /// <exception cref="OperationCanceledException">After <see cref="Device.RequestCancel"/>.</exception>
    public void Evaluate(DeviceDataset data, ReadOnlySpan<int> rows, Span<double> lossSums, Span<double> weightSums)
    {
        ArgumentNullException.ThrowIfNull(data);
        RequireSome(rows, nameof(rows));
        SpanLength.Require(lossSums.Length, Tasks, nameof(lossSums), "tasks");
        SpanLength.Require(weightSums.Length, Tasks, nameof(weightSums), "tasks");
        using HandleLease network = Lease();
        using var dataset = new HandleLease(data.Handle, data);
        fixed (int* first = rows)
        fixed (double* sums = lossSums, weights = weightSums)
        {
            NativeCore.Check(NativeMethods.mtl_network_evaluate(
                (mtl_network*)network.Pointer, (mtl_dataset*)dataset.Pointer, first, rows.Length, sums, weights));
        }
    }
}
