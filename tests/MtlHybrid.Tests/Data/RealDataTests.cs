using MtlHybrid.Data;
using Xunit;

namespace MtlHybrid.Tests.Data;

public sealed class RealDataTests
{
    [Fact]
    public void Tecator_has_three_regressions_on_a_hundred_absorbances()
    {
        MultiTaskData data = MultiTaskData.Load(SharedData.Tecator, new DataOptions { Targets = ["moisture", "fat", "protein"] });

        Assert.Equal((215, 100, 3), (data.Rows, data.Inputs.Count, data.Tasks.Count));
        Assert.All(data.Tasks, task => Assert.Equal(TaskKind.Regression, task.Kind));
        Assert.Empty(data.Notes);
        RequireEncodes(data, new SplitOptions { Method = SplitMethod.Order }, 100, 0);
    }

    [Fact]
    public void Hydraulic_states_written_as_numbers_become_classes_in_order_of_value()
    {
        string[] targets = ["cooler", "valve", "pump_leakage", "accumulator", "stable_flag"];
        MultiTaskData data = MultiTaskData.Load(SharedData.Locate("hydraulic/hydraulic_1hz.csv.gz"), new DataOptions
        {
            Targets = targets,
            TaskKinds = targets[..4].ToDictionary(name => name, _ => TaskKind.MultiClass),
        });

        Assert.Equal((2205, 1020), (data.Rows, data.Inputs.Count));
        Assert.Equal(["3", "20", "100"], data.Tasks[0].Classes);
        Assert.Equal([732, 732, 741], Counts(data, 0));
        Assert.Equal(["73", "80", "90", "100"], data.Tasks[1].Classes);
        Assert.Equal([360, 360, 360, 1125], Counts(data, 1));
        Assert.Equal([1221, 492, 492], Counts(data, 2));
        Assert.Equal([808, 399, 399, 599], Counts(data, 3));
        Assert.Equal(TaskKind.Binary, data.Tasks[4].Kind);
        Assert.Equal([1449, 756], Counts(data, 4));
        RequireEncodes(data, new SplitOptions { Method = SplitMethod.Stratified }, 1012, 0); // SE_1 to SE_8 are constant
    }

    [Fact]
    public void Ai4i2020_keeps_its_rare_failures_in_every_part()
    {
        MultiTaskData data = MultiTaskData.Load(SharedData.Locate("ai4i2020/ai4i2020.csv"), new DataOptions
        {
            Targets = ["Machine failure", "TWF", "HDF", "PWF", "OSF", "RNF"],
            Ignore = ["UDI", "Product ID"],
        });

        Assert.Equal(6, data.Inputs.Count);
        Assert.True(data.Inputs[0].IsCategorical);
        Assert.Equal([339, 46, 115, 95, 98, 19], data.Tasks.Select((_, t) => Counts(data, t)[1]));
        DataSplit split = RequireEncodes(data, new SplitOptions { Method = SplitMethod.Stratified }, 5, 1);
        for (int t = 0; t < 6; t++)
        {
            double positives = Counts(data, t)[1];
            Assert.InRange(Positives(data, t, split.Train), positives * .6 - 3, positives * .6 + 3);
            Assert.InRange(Positives(data, t, split.Test), positives * .2 - 3, positives * .2 + 3);
        }
    }

    [Fact]
    public void Ai4i2020_identifiers_are_noticed()
    {
        MultiTaskData data = MultiTaskData.Load(SharedData.Locate("ai4i2020/ai4i2020.csv"), new DataOptions { Targets = ["HDF"] });

        Assert.Contains(data.Notes, note => note.Contains("UDI", StringComparison.Ordinal) && note.Contains("--ignore", StringComparison.Ordinal));
        Assert.Contains(data.Notes, note => note.Contains("Product ID", StringComparison.Ordinal) && note.Contains("--ignore", StringComparison.Ordinal));
    }

    [Fact]
    public void School_in_long_form_has_a_task_per_school_with_training_rows_each()
    {
        MultiTaskData data = MultiTaskData.Load(SharedData.Locate("school/school.csv.gz"), new DataOptions
        {
            Targets = ["exam_score"],
            TaskColumn = "task",
        });

        Assert.Equal((15362, 28, 139), (data.Rows, data.Inputs.Count, data.Tasks.Count));
        Assert.Equal(Enumerable.Range(0, 139).Select(task => task.ToString()), data.Tasks.Select(task => task.Name));
        Assert.Equal(15362, data.Tasks.Select((_, t) => Present(data, t)).Sum());
        DataSplit split = RequireEncodes(data, new SplitOptions { Method = SplitMethod.Stratified }, 27, 0);
        for (int t = 0; t < 139; t++)
            Assert.InRange(split.Train.Count(row => !double.IsNaN(data.Labels(t)[row])), Present(data, t) * .6 - 4, Present(data, t) * .6 + 4);
    }

    [Fact]
    public void Air_quality_marks_missing_values_by_minus_200()
    {
        MultiTaskData data = MultiTaskData.Load(SharedData.Locate("air-quality/air_quality.csv.gz"), new DataOptions
        {
            Targets = ["CO_GT", "C6H6_GT", "NOx_GT", "NO2_GT"],
            Ignore = ["Date", "Time", "NMHC_GT"],
            MissingValues = [.. DataOptions.DefaultMissingValues, "-200"],
        });

        Assert.Equal([1683, 366, 1639, 1642], data.Tasks.Select((_, t) => data.Rows - Present(data, t)));
        RequireEncodes(data, new SplitOptions { Method = SplitMethod.Order }, 16, 0);
    }

    [Fact]
    public void Parkinsons_subjects_stay_in_one_part_though_their_column_is_ignored()
    {
        MultiTaskData data = MultiTaskData.Load(SharedData.Locate("parkinsons/parkinsons_updrs.csv"), new DataOptions
        {
            Targets = ["motor_UPDRS", "total_UPDRS"],
            Ignore = ["subject#"],
        });

        DataSplit split = RequireEncodes(data, SplitOptions.Parse("group:subject#"), 19, 0);
        DataColumn subjects = data.Table.Column("subject#", "a group");
        int[][] parts = [split.Train, split.Validation, split.Test];
        Assert.Equal(42, parts.Sum(part => part.Select(row => subjects.Codes[row]).Distinct().Count()));
    }

    [Fact]
    public void Steel_plates_have_seven_faults_of_which_every_row_has_one()
    {
        string[] faults = ["Pastry", "Z_Scratch", "K_Scatch", "Stains", "Dirtiness", "Bumps", "Other_Faults"];
        MultiTaskData data = MultiTaskData.Load(SharedData.Locate("steel-plates/steel-plates-faults.csv"), new DataOptions { Targets = faults });

        Assert.Equal([158, 190, 391, 72, 55, 402, 673], data.Tasks.Select((_, t) => Counts(data, t)[1]));
        RequireEncodes(data, new SplitOptions { Method = SplitMethod.Stratified }, 27, 0);
    }

    [Fact]
    public void Tox21_labels_are_partly_missing()
    {
        string[] targets = ["NR-AR", "NR-AR-LBD", "NR-AhR", "NR-Aromatase", "NR-ER", "NR-ER-LBD", "NR-PPAR-gamma", "SR-ARE", "SR-ATAD5", "SR-HSE", "SR-MMP", "SR-p53"];
        MultiTaskData data = MultiTaskData.Load(SharedData.Locate("tox21/tox21.csv.gz"), new DataOptions { Targets = targets, Ignore = ["smiles"] });

        Assert.Equal(8014, data.Rows);
        Assert.All(data.Tasks, (task, t) => Assert.Equal(TaskKind.Binary, task.Kind));
        Assert.All(data.Tasks, (_, t) => Assert.InRange(Present(data, t), 5000, 7999));
    }

    [Theory]
    [InlineData("atp1d", 337, 411, 6)]
    [InlineData("edm", 154, 16, 2)]
    [InlineData("enb", 768, 8, 2)]
    [InlineData("oes10", 403, 298, 16)]
    [InlineData("osales", 639, 401, 12)]
    [InlineData("polymer", 61, 10, 4)]
    [InlineData("rf1", 9125, 64, 8)]
    [InlineData("sf1", 323, 10, 3)]
    [InlineData("sf2", 1066, 10, 3)]
    [InlineData("slump", 103, 7, 3)]
    [InlineData("wq", 1060, 16, 14)]
    public void Mulan_sets_have_their_targets_last(string name, int rows, int inputs, int targets)
    {
        string path = SharedData.Locate($"mulan-mtr/{name}.csv.gz");
        string[] header;
        using (CsvSource source = new(path))
        {
            source.Read();
            header = [.. Enumerable.Range(0, source.FieldCount).Select(i => source.Field(i).ToString())];
        }

        MultiTaskData data = MultiTaskData.Load(path, new DataOptions
        {
            Targets = header[^targets..],
            TaskKinds = header[^targets..].ToDictionary(target => target, _ => TaskKind.Regression),
        });

        Assert.Equal((rows, inputs, targets), (data.Rows, data.Inputs.Count, data.Tasks.Count));
        DataSplit split = Splitter.Split(data, new SplitOptions(), 3);
        EncodedData encoded = DataEncoder.Fit(data, split.Train).Encode(data);
        Assert.DoesNotContain(encoded.FeatureValues, value => !float.IsFinite(value));
        Assert.DoesNotContain(encoded.Labels, float.IsInfinity);
    }

    private static DataSplit RequireEncodes(MultiTaskData data, SplitOptions options, int features, int categoricalColumns)
    {
        DataSplit split = Splitter.Split(data, options, 7);
        EncodedData encoded = DataEncoder.Fit(data, split.Train).Encode(data);
        Assert.Equal((data.Rows, features, categoricalColumns, data.Tasks.Count),
            (encoded.Rows, encoded.Features, encoded.CategoricalColumns, encoded.Tasks));
        Assert.DoesNotContain(encoded.FeatureValues, value => !float.IsFinite(value));
        Assert.DoesNotContain(encoded.Labels, float.IsInfinity);
        return split;
    }

    private static int[] Counts(MultiTaskData data, int task)
    {
        int[] counts = new int[data.Tasks[task].Classes.Count];
        foreach (double label in data.Labels(task)) counts[(int)label]++;
        return counts;
    }

    private static int Positives(MultiTaskData data, int task, int[] rows) => rows.Count(row => data.Labels(task)[row] == 1);

    private static int Present(MultiTaskData data, int task)
    {
        int present = 0;
        foreach (double label in data.Labels(task)) present += double.IsNaN(label) ? 0 : 1;
        return present;
    }
}
