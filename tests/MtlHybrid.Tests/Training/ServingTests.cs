using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Training;
using Xunit;

namespace MtlHybrid.Tests.Training;

/// <summary>Prediction of rows as they come, by several threads, without allocating.</summary>
public sealed class ServingTests : IDisposable
{
    private const int Rows = 700;
    private const int Inputs = 4;

    private readonly MultiTaskData _data = SmallData.Create(Rows);
    private readonly TrainingResult _result;
    private readonly double[] _numbers = new double[Rows * Inputs];
    private readonly Predictions _expected;

    public ServingTests()
    {
        _result = new Trainer(SmallData.Options() with { Epochs = 2 }).Train(_data);
        // The same draws as in SmallData.
        var random = new Random(11);
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Inputs; column++) _numbers[row * Inputs + column] = 10 + 3 * random.NextDouble();
            for (int task = 0; task < 3; task++) random.NextDouble();
        }

        _expected = Model.Predict(_data, [.. Enumerable.Range(0, Rows)]);
    }

    private TrainedModel Model => _result.Model;

    public void Dispose() => _result.Dispose();

    [Fact]
    public void Rows_in_raw_units_get_what_tables_get()
    {
        Assert.Equal(5, Model.ValuesPerRow);
        Assert.Equal(Inputs, Model.Encoder.NumericInputs.Count);
        double[] together = new double[Rows * 5], one = new double[5];
        Model.Predict(_numbers, [], together);
        for (int row = 0; row < Rows; row++)
        {
            Model.Predict(Numbers(row), [], one);
            AssertRow(row, together.AsSpan(row * 5, 5), 1e-9);
            AssertRow(row, one, 1e-5);
        }
    }

    [Fact]
    public void Encoded_rows_get_what_raw_ones_get()
    {
        EncodedInputs inputs = Model.Encoder.EncodeInputs(_data);
        double[] raw = new double[Rows * 5], encoded = new double[Rows * 5];
        Model.Predict(_numbers, [], raw);
        Model.PredictEncoded(inputs.FeatureValues, inputs.Codes, encoded);
        Assert.Equal(raw, encoded);
    }

    [Fact]
    public void Raw_outputs_of_the_network_agree()
    {
        EncodedInputs inputs = Model.Encoder.EncodeInputs(_data);
        var outputs = new float[Rows * 5];
        Model.Network.Predict(inputs.FeatureValues, inputs.Codes, Rows, outputs);
        for (int row = 0; row < Rows; row++)
        {
            double value = outputs[row * 5] * Model.Encoder.TargetScales[0] + Model.Encoder.TargetMeans[0];
            Assert.Equal(value, _expected.Values(0)[row], 1e-3);
            Assert.Equal(1 / (1 + Math.Exp(-outputs[row * 5 + 1])), _expected.Values(1)[row], 1e-5);
        }
    }

    [Fact]
    public void Categories_and_missing_numbers_are_encoded_as_in_tables()
    {
        using var folder = new Data.TemporaryFolder();
        var lines = new List<string> { "number,steel,size,target" };
        var random = new Random(4);
        string[] steels = ["mild", "hard", "NA"];
        for (int row = 0; row < 90; row++)
            lines.Add(FormattableString.Invariant($"{(row % 9 == 0 ? "NA" : random.Next(100) / 10.0)},{steels[row % 3]},{row % 2 + 1}.0,{random.Next(50)}"));
        string path = Path.Combine(folder.Path, "steel.csv");
        File.WriteAllLines(path, lines);
        MultiTaskData data = MultiTaskData.Load(path, new DataOptions { Targets = ["target"], Categorical = ["size"] });
        using TrainingResult result = new Trainer(SmallData.Options() with { Epochs = 2 }).Train(data);
        TrainedModel model = result.Model;
        DataEncoder encoder = model.Encoder;
        Assert.Equal(["number"], encoder.NumericInputs);
        Assert.Equal(["steel", "size"], encoder.CategoricalInputs);
        Predictions expected = model.Predict(data, [.. Enumerable.Range(0, 90)]);
        var value = new double[1];
        for (int row = 0; row < 90; row++)
        {
            string[] cells = lines[row + 1].Split(',');
            double number = cells[0] == "NA" ? double.NaN : double.Parse(cells[0], System.Globalization.CultureInfo.InvariantCulture);
            model.Predict([number], [encoder.CategoryCode(0, cells[1]), encoder.CategoryCode(1, cells[2])], value);
            Assert.Equal(expected.Values(0)[row], value[0], 1e-4);
        }

        Assert.Equal(0, encoder.CategoryCode(0, "NA"));
        Assert.Equal(0, encoder.CategoryCode(0, "unknown"));
        Assert.NotEqual(0, encoder.CategoryCode(0, " mild "));
        Assert.Equal(encoder.CategoryCode(1, "2"), encoder.CategoryCode(1, "2e0"));
        Assert.Contains("steel, size", Assert.Throws<ArgumentOutOfRangeException>("input", () => encoder.CategoryCode(2, "x")).Message, StringComparison.Ordinal);
        Assert.Contains("codes of row 0", Assert.Throws<EngineException>(() => model.Predict([1], [7, 0], value)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_threads_get_the_same_bits()
    {
        double[] expected = new double[5];
        Model.Predict(Numbers(0), [], expected);
        EncodedInputs inputs = Model.Encoder.EncodeInputs(_data);
        Task[] threads = [.. Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            var values = new double[5];
            for (int round = 0; round < 300; round++)
            {
                Model.Predict(Numbers(0), [], values);
                Assert.Equal(expected, values);
                if (round % 50 != thread) continue;
                Predictions table = Model.Predict(inputs);
                for (int task = 0; task < 3; task++) Assert.Equal(_expected.Values(task).ToArray(), table.Values(task).ToArray());
            }
        }))];
        await Task.WhenAll(threads);
    }

    [Fact]
    public void Nothing_is_allocated_once_warm()
    {
        double[] values = new double[5], many = new double[Rows * 5];
        EncodedInputs inputs = Model.Encoder.EncodeInputs(_data);
        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int round = 0; round < 100; round++)
            {
                Model.Predict(Numbers(round), [], values);
                Model.PredictEncoded(inputs.FeatureValues.AsSpan(0, Inputs), [], values);
            }

            Model.Predict(_numbers, [], many);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated();
        Assert.Equal(0, Allocated());
    }

    [Fact]
    public void Wrong_lengths_and_values_are_named()
    {
        double[] values = new double[10];
        Assert.Throws<ArgumentException>("numbers", () => Model.Predict(new double[7], [], values));
        Assert.Throws<ArgumentException>("codes", () => Model.Predict(new double[8], [0], values));
        Assert.Throws<ArgumentException>("values", () => Model.Predict(new double[8], [], new double[9]));
        Assert.Throws<ArgumentException>("features", () => Model.PredictEncoded(new float[7], [], values));
        Assert.Throws<ArgumentOutOfRangeException>("task", () => Model.FirstValue(3));
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(Model.FirstValue));
        DataException e = Assert.Throws<DataException>(() => Model.Predict([1, double.PositiveInfinity, 1, 1], [], values.AsSpan(0, 5)));
        Assert.Equal(Model.Encoder.NumericInputs[1], e.Column);
        EncodedInputs inputs = Model.Encoder.EncodeInputs(_data);
        inputs.FeatureValues[600 * Inputs] = float.NaN;
        EngineException bad = Assert.Throws<EngineException>(() => Model.Predict(inputs));
        Assert.Contains("rows from 512 on", bad.Message, StringComparison.Ordinal);
        Assert.Contains("row 88", bad.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_model_says_so()
    {
        double[] values = new double[5];
        Model.Predict(Numbers(0), [], values);
        Model.Dispose();
        Assert.Contains(nameof(TrainedModel), Assert.Throws<ObjectDisposedException>(() => Model.Predict(Numbers(0), [], values)).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => Model.Predict(_data, [0]));
    }

    private ReadOnlySpan<double> Numbers(int row) => _numbers.AsSpan(row * Inputs, Inputs);

    private void AssertRow(int row, ReadOnlySpan<double> values, double tolerance)
    {
        Assert.Equal(_expected.Values(0)[row], values[0], tolerance * 200);
        Assert.Equal(_expected.Values(1)[row], values[1], tolerance);
        for (int c = 0; c < 3; c++) Assert.Equal(_expected.Values(2)[row * 3 + c], values[2 + c], tolerance);
    }
}
