using System.Runtime.ExceptionServices;
using MtlHybrid.Data;
using MtlHybrid.Engine;

namespace MtlHybrid.Training;

// Prediction: any number of threads at once, each with a predictor that it rents for one call.
public sealed partial class TrainedModel
{
    private readonly PredictorPool _predictors;
    private readonly OutputConverter _converter;

    /// <summary>Predicted values per row: one per regression or binary task, one per class of a multi-class task.</summary>
    public int ValuesPerRow => _converter.Width;

    /// <summary>Where the values of a task begin in a row of predicted values.</summary>
    /// <param name="task">Index in <see cref="Tasks"/>.</param>
    public int FirstValue(int task)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(task);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(task, Tasks.Count);
        return _converter.FirstOf(task);
    }

    /// <summary>Predicts rows as they come, on the calling thread. Does not allocate after the first calls. For large tables
    /// <see cref="Predict(EncodedInputs)"/> uses all threads.</summary>
    /// <param name="numbers">[rows, numeric inputs] in raw units, in the order of <see cref="DataEncoder.NumericInputs"/>; NaN: missing.</param>
    /// <param name="codes">[rows, categorical inputs], in the order of <see cref="DataEncoder.CategoricalInputs"/>; from
    /// <see cref="DataEncoder.CategoryCode"/>.</param>
    /// <param name="values">[rows, <see cref="ValuesPerRow"/>], written, task after task: regression in raw units; binary the
    /// probability of the positive class; multi-class one probability per class. Their length says how many rows there are.
    /// After an exception what they hold is not defined.</param>
    /// <exception cref="ArgumentException">A span has another length than its shape.</exception>
    /// <exception cref="DataException">A number is infinite, or too far from the training data.</exception>
    /// <exception cref="EngineException">A code is outside its table, or the network is being trained (<see cref="EngineStatus.Busy"/>).</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public void Predict(ReadOnlySpan<double> numbers, ReadOnlySpan<int> codes, Span<double> values)
    {
        RowEncoder encoder = Encoder.RowEncoder;
        int rows = RowsOf(values);
        SpanLength.Require(numbers.Length, (long)rows * encoder.Numbers, nameof(numbers), "rows x numeric inputs");
        SpanLength.Require(codes.Length, (long)rows * Network.CategoricalColumns, nameof(codes), "rows x categorical inputs");
        BufferedPredictor predictor = _predictors.Rent(this);
        try
        {
            for (int first = 0; first < rows; first += BufferedPredictor.Rows)
            {
                int count = Math.Min(BufferedPredictor.Rows, rows - first);
                Span<float> features = predictor.Features(count);
                for (int row = 0; row < count; row++)
                {
                    encoder.Encode(
                        numbers.Slice((first + row) * encoder.Numbers, encoder.Numbers), features.Slice(row * encoder.Features, encoder.Features));
                }

                PredictChunk(predictor, features, codes, values, first, count);
            }
        }
        finally
        {
            _predictors.Return(predictor);
        }
    }

    /// <summary>As <see cref="Predict(ReadOnlySpan{double}, ReadOnlySpan{int}, Span{double})"/>, for rows that are encoded already.</summary>
    /// <param name="features">[rows, features], as <see cref="EncodedInputs.FeatureValues"/> has them.</param>
    /// <param name="codes">[rows, categorical inputs], as <see cref="EncodedInputs.Codes"/> has them.</param>
    /// <param name="values">[rows, <see cref="ValuesPerRow"/>], written.</param>
    public void PredictEncoded(ReadOnlySpan<float> features, ReadOnlySpan<int> codes, Span<double> values)
    {
        int rows = RowsOf(values);
        SpanLength.Require(features.Length, (long)rows * Network.Features, nameof(features), "rows x features");
        SpanLength.Require(codes.Length, (long)rows * Network.CategoricalColumns, nameof(codes), "rows x categorical inputs");
        BufferedPredictor predictor = _predictors.Rent(this);
        try
        {
            for (int first = 0; first < rows; first += BufferedPredictor.Rows)
            {
                int count = Math.Min(BufferedPredictor.Rows, rows - first);
                PredictChunk(predictor, features.Slice(first * Network.Features, count * Network.Features), codes, values, first, count);
            }
        }
        finally
        {
            _predictors.Return(predictor);
        }
    }

    /// <summary>Predicts encoded rows, on as many threads as the device has.</summary>
    /// <param name="inputs">The rows, encoded by <see cref="Encoder"/>.</param>
    /// <exception cref="ArgumentException">The inputs have other columns than the model.</exception>
    public Predictions Predict(EncodedInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        SpanLength.Require(inputs.FeatureValues.Length, (long)inputs.Rows * Network.Features, nameof(inputs), "rows x features");
        SpanLength.Require(inputs.Codes.Length, (long)inputs.Rows * Network.CategoricalColumns, nameof(inputs), "rows x categorical inputs");
        var outputs = new float[(long)inputs.Rows * Network.Outputs];
        // Chunks of a fixed size: the bits of a prediction do not depend on the number of threads.
        int chunks = (int)(((long)inputs.Rows + BufferedPredictor.Rows - 1) / BufferedPredictor.Rows);
        try
        {
            Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = Network.Device.Threads }, chunk => PredictRaw(inputs, chunk, outputs));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return new Predictions(Tasks, _converter, outputs, inputs.Rows);
    }

    /// <summary>Predicts rows of a data set.</summary>
    /// <param name="data">Data with the model's inputs.</param>
    /// <param name="rows">Which rows.</param>
    public Predictions Predict(MultiTaskData data, ReadOnlySpan<int> rows) => Predict(Select(Encoder.EncodeInputs(data), rows));

    private int RowsOf(ReadOnlySpan<double> values) => values.Length % ValuesPerRow == 0
        ? values.Length / ValuesPerRow
        : throw new ArgumentException($"values must have a multiple of {ValuesPerRow} elements (values per row); it has {values.Length}.", nameof(values));

    private void PredictChunk(
        BufferedPredictor predictor, ReadOnlySpan<float> features, ReadOnlySpan<int> codes, Span<double> values, int first, int count)
    {
        int columns = Network.CategoricalColumns;
        ReadOnlySpan<float> outputs = predictor.Predict(features, codes.Slice(first * columns, count * columns), count, first);
        _converter.ConvertRows(outputs, values.Slice(first * ValuesPerRow, count * ValuesPerRow));
    }

    private void PredictRaw(EncodedInputs inputs, int chunk, float[] outputs)
    {
        int first = chunk * BufferedPredictor.Rows;
        int count = Math.Min(BufferedPredictor.Rows, inputs.Rows - first);
        BufferedPredictor predictor = _predictors.Rent(this);
        try
        {
            ReadOnlySpan<float> features = inputs.FeatureValues.AsSpan(first * Network.Features, count * Network.Features);
            ReadOnlySpan<int> codes = inputs.Codes.AsSpan(first * Network.CategoricalColumns, count * Network.CategoricalColumns);
            predictor.Predict(features, codes, count, first).CopyTo(outputs.AsSpan(first * Network.Outputs));
        }
        finally
        {
            _predictors.Return(predictor);
        }
    }

    private static EncodedInputs Select(EncodedInputs inputs, ReadOnlySpan<int> rows)
    {
        var features = new float[(long)rows.Length * inputs.Features];
        var codes = new int[(long)rows.Length * inputs.CategoricalColumns];
        for (int i = 0; i < rows.Length; i++)
        {
            inputs.FeatureValues.AsSpan(rows[i] * inputs.Features, inputs.Features).CopyTo(features.AsSpan(i * inputs.Features));
            inputs.Codes.AsSpan(rows[i] * inputs.CategoricalColumns, inputs.CategoricalColumns).CopyTo(codes.AsSpan(i * inputs.CategoricalColumns));
        }

        return inputs with { Rows = rows.Length, FeatureValues = features, Codes = codes };
    }
}
