using System.Text.Json;
using MtlHybrid.Data;
using Xunit;

namespace MtlHybrid.Tests.Data;

public sealed class DataEncoderTests : IDisposable
{
    private const string Table = """
        num,gap,late,cat,flat,void,fixed,y,kind,state
        1,10,1,red,5,?,a,10,0,lo
        3,?,2,blue,5,?,a,20,1,hi
        5,30,3,red,5,?,a,60,?,mid
        9,50,?,green,6,7,b,?,1,lo
        ?,?,4,?,5,?,a,30,0,lo
        """;

    private static readonly int[] Train = [0, 1, 2];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Everything_is_learned_from_the_training_rows_alone()
    {
        DataEncoder encoder = DataEncoder.Fit(Load(), Train);

        Assert.Equal(["num", "gap", "late", "gap is missing"], encoder.FeatureNames);
        Assert.Equal(4, encoder.FeatureCount);
        Assert.Equal([3], encoder.CategoryCounts);
        Assert.Equal([30.0, 0, 0], encoder.TargetMeans);
        Assert.Equal([Math.Sqrt(1400.0 / 3), 1, 1], encoder.TargetScales);
        Assert.Equal(["input 'void' has no value in the training rows and was dropped",
            "2 inputs are constant in the training rows and were dropped: 'flat', 'fixed'"], encoder.Notes);
    }

    [Fact]
    public void Inputs_are_standardised_missing_ones_imputed_and_marked_where_training_rows_lacked_them()
    {
        MultiTaskData data = Load();
        EncodedData encoded = DataEncoder.Fit(data, Train).Encode(data);

        float s = (float)Math.Sqrt(8.0 / 3), late = (float)Math.Sqrt(2.0 / 3);
        Assert.Equal((5, 4, 1, 3), (encoded.Rows, encoded.Features, encoded.CategoricalColumns, encoded.Tasks));
        float[] expected =
        [
            -2 / s, -1, -1 / late, 0,
            0, 0, 0, 1,
            2 / s, 1, 1 / late, 0,
            6 / s, 3, 0, 0,
            0, 0, 2 / late, 1,
        ];
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], encoded.FeatureValues[i], 1e-6f);
        Assert.Equal([2, 1, 2, 0, 0], encoded.Codes);
    }

    [Fact]
    public void Labels_are_standardised_for_regression_and_indices_for_classes_and_missing_ones_stay_so()
    {
        MultiTaskData data = Load();
        DataEncoder encoder = DataEncoder.Fit(data, Train);
        EncodedData encoded = encoder.Encode(data);

        float y = (float)encoder.TargetScales[0], nan = float.NaN;
        float[] expected = [-20 / y, 0, 1, -10 / y, 1, 0, 30 / y, nan, 2, nan, 1, 1, 0, 0, 1];
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], encoded.Labels[i], 1e-6f);
    }

    [Fact]
    public void A_file_for_prediction_needs_the_used_inputs_alone_in_any_order()
    {
        MultiTaskData data = Load();
        DataEncoder encoder = DataEncoder.Fit(data, Train);

        EncodedInputs encoded = encoder.EncodeFile(_folder.Write(
            "extra,cat,late,gap,num\ninf,blue,?,,3.0\nx,purple,2,30,5\n"));

        Assert.Equal((2, 4, 1), (encoded.Rows, encoded.Features, encoded.CategoricalColumns));
        Assert.Equal([0, 0, 0, 1], encoded.FeatureValues[..4]);
        Assert.Equal([1, 0], encoded.Codes);
        EncodedInputs all = encoder.EncodeFile(WriteTable());
        Assert.Equal(encoder.EncodeInputs(data).FeatureValues, all.FeatureValues);
        Assert.Equal(encoder.EncodeInputs(data).Codes, all.Codes);
    }

    [Fact]
    public void A_file_for_prediction_that_lacks_an_input_or_has_text_for_a_number_is_refused()
    {
        DataEncoder encoder = DataEncoder.Fit(Load(), Train);

        DataException error = Assert.Throws<DataException>(() => encoder.EncodeFile(_folder.Write("nums,gap,late,cat\n1,2,3,red\n")));
        Assert.Equal("num", error.Column);
        Assert.Contains("did you mean 'nums'?", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<DataException>(() => encoder.EncodeFile(_folder.Write("num,gap,late,cat\n1,2,3,red\n1,2,x,red\n")));
        Assert.Equal((3, "late"), (error.Line, error.Column));
        Assert.DoesNotContain("--missing", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<DataException>(() => encoder.EncodeFile(_folder.Write("num,gap,late,cat\n1,2,inf,red\n")));
        Assert.Equal((2, "late"), (error.Line, error.Column));
        Assert.Throws<DataException>(() => encoder.EncodeFile(_folder.Write("num,gap,late,cat\n")));
        error = Assert.Throws<DataException>(() => encoder.EncodeFile(_folder.Write("num,gap,late,cat\n1e300,2,3,red\n")));
        Assert.Contains("too far from the training data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_are_the_encoders_whatever_another_file_looks_like()
    {
        DataEncoder encoder = DataEncoder.Fit(LoadTarget("c,x,y\n7,1,1.5\n8.0,2,2.5\nz,3,3.5\n"), Train);

        EncodedInputs numbers = encoder.EncodeInputs(LoadTarget("x,c,y\n2,8,1.5\n1,7.0,2.5\n"));
        Assert.Equal([2, 1], numbers.Codes);

        DataException error = Assert.Throws<DataException>(() => encoder.EncodeInputs(LoadTarget("x,c,y\n1,7,1.5\nlow,8,2.5\n")));
        Assert.Equal((3, "x"), (error.Line, error.Column));
    }

    [Fact]
    public void Missing_values_of_the_training_file_are_missing_in_files_for_prediction()
    {
        MultiTaskData data = MultiTaskData.Load(_folder.Write("x,y\n1,1.5\n-200,2.5\n3,3.5\n"),
            new DataOptions { Targets = ["y"], MissingValues = ["-200"] });
        DataEncoder encoder = DataEncoder.Fit(data, Train);

        Assert.Equal([0, 1], encoder.EncodeFile(_folder.Write("x\n-200.0\n")).FeatureValues);
    }

    [Fact]
    public void A_description_survives_json_to_the_last_bit()
    {
        MultiTaskData data = Load();
        DataEncoder encoder = DataEncoder.Fit(data, Train);
        string json = JsonSerializer.Serialize(encoder.Describe());

        DataEncoder copy = DataEncoder.FromDescription(JsonSerializer.Deserialize<EncoderDescription>(json)!);

        Assert.Equal(json, JsonSerializer.Serialize(copy.Describe()));
        Assert.Equal(encoder.TargetMeans, copy.TargetMeans);
        Assert.Equal(encoder.TargetScales, copy.TargetScales);
        Assert.Equal(encoder.Describe().NumericInputs, copy.Describe().NumericInputs);
        Assert.Equal(encoder.Encode(data).FeatureValues, copy.Encode(data).FeatureValues);
        Assert.Equal(encoder.Encode(data).Codes, copy.Encode(data).Codes);
        Assert.Equal(encoder.Encode(data).Labels, copy.Encode(data).Labels);
    }

    [Fact]
    public void A_damaged_description_is_refused()
    {
        EncoderDescription good = DataEncoder.Fit(Load(), Train).Describe();
        EncoderDescription[] damaged =
        [
            good with { Tasks = [] },
            good with { Tasks = [good.Tasks[0], good.Tasks[0], good.Tasks[2]] },
            good with { Tasks = [good.Tasks[0], good.Tasks[1] with { Classes = ["0"] }, good.Tasks[2]] },
            good with { TargetMeans = [0, 0] },
            good with { TargetMeans = [double.NaN, 0, 0] },
            good with { TargetScales = [0, 1, 1] },
            good with { NumericInputs = [new NumericInput("a", 0, -1, false)] },
            good with { NumericInputs = [new NumericInput("cat", 0, 1, false)] },
            good with { NumericInputs = [], CategoricalInputs = [] },
            good with { CategoricalInputs = [new CategoricalInput("cat", ["a", "a"])] },
            good with { MissingValues = null! },
        ];

        Assert.All(damaged, description => Assert.Throws<DataException>(() => DataEncoder.FromDescription(description)));
        Assert.Throws<DataException>(() => DataEncoder.FromDescription(JsonSerializer.Deserialize<EncoderDescription>(
            """{"Tasks":null,"TargetMeans":null,"TargetScales":null,"NumericInputs":null,"CategoricalInputs":null,"MissingValues":null}""")!));
    }

    [Fact]
    public void Tasks_with_other_classes_are_not_encoded()
    {
        DataEncoder encoder = DataEncoder.Fit(Load(), Train);
        MultiTaskData other = MultiTaskData.Load(WriteTable(), Options() with { Targets = ["y", "state", "kind"] });

        Assert.Contains("expected the tasks 'y', 'kind', 'state'",
            Assert.Throws<DataException>(() => encoder.Encode(other)).Message, StringComparison.Ordinal);
        Assert.Equal(5, encoder.EncodeInputs(other).Rows);
    }

    [Fact]
    public void Training_rows_without_labels_or_classes_are_noted_and_leave_labels_as_they_are()
    {
        DataEncoder none = DataEncoder.Fit(LoadTarget("x,y\n1,?\n2,?\n3,5\n4,6.5\n"), [0, 1]);
        Assert.Contains("tasks without any label in the training rows: 'y'", none.Notes);
        Assert.Equal((0, 1), (none.TargetMeans[0], none.TargetScales[0]));
        DataEncoder one = DataEncoder.Fit(Load(), [0, 3]);
        Assert.Contains("state: no training row has the class 'hi', 'mid'", one.Notes);
        Assert.Equal((10, 1), (one.TargetMeans[0], one.TargetScales[0]));
    }

    [Fact]
    public void Without_an_input_that_varies_nothing_can_be_learned()
    {
        Assert.Contains("no inputs are left", Assert.Throws<DataException>(() =>
            DataEncoder.Fit(LoadTarget("x,c,y\n1,a,1.5\n1,a,2.5\n2,b,3.5\n"), [0, 1])).Message, StringComparison.Ordinal);
        Assert.Throws<DataException>(() => DataEncoder.Fit(Load(), []));
    }

    [Fact]
    public void A_category_of_one_kind_that_is_sometimes_missing_still_says_something()
    {
        MultiTaskData data = LoadTarget("x,c,y\n1,a,1.5\n2,?,2.5\n3,a,3.5\n");

        Assert.Equal([1, 0, 1], DataEncoder.Fit(data, Train).Encode(data).Codes);
    }

    private static DataOptions Options() => new() { Targets = ["y", "kind", "state"] };

    private string WriteTable() => _folder.Write(Table);

    private MultiTaskData Load() => MultiTaskData.Load(WriteTable(), Options());

    private MultiTaskData LoadTarget(string text) => MultiTaskData.Load(_folder.Write(text), new DataOptions { Targets = ["y"] });
}
