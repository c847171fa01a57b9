using System.Reflection;
using System.Text.Json;
using MtlHybrid.Affinity;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Grouping;
using MtlHybrid.Modeling;
using MtlHybrid.Pilot;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Aggregation;
using MtlHybrid.Training;

namespace MtlHybrid.Cli.Settings;

/// <summary>The list of settings. Later ones may depend on earlier ones, so the order is also that of application: the
/// strategy comes before what belongs to a strategy.</summary>
internal static class SettingCatalog
{
    /// <summary>Options of strategies whose flag is not only for selective updates.</summary>
    public const string HeadRateOption = "head-learning-rate-factor", ReductionOption = "reduction", GradientsOption = "gradients";

    private static readonly string[] StrategyNames = [.. StrategyCatalog.All.Select(entry => entry.Name)];

    /// <summary>Fresh settings; one set serves one command tree.</summary>
    public static IReadOnlyList<Setting> Create() =>
        [.. DataSettings(), .. NetworkSettings(), .. TrainingSettings(), .. StrategySettings(), OtherOptions(), .. RunSettings()];

    private static IEnumerable<Setting> DataSettings() =>
    [
        new TypedSetting<string>(
            SettingGroup.Data, "data", "table to learn from: .csv or .csv.gz with a header", null, Formats.File,
            o => o.Data, (o, value) => o with { Data = value }) { IsPath = true },
        Table("targets", "columns to predict, one task each", nameof(DataOptions.Targets), Formats.Names,
            t => t.Targets, (t, value) => t with { Targets = value }),
        Table("task", "kind of a task, once per task; otherwise guessed from the labels", nameof(DataOptions.TaskKinds), Formats.TaskKinds,
            t => t.TaskKinds, (t, value) => t with { TaskKinds = value }),
        Table("ignore", "columns to leave out", nameof(DataOptions.Ignore), Formats.Names,
            t => t.Ignore, (t, value) => t with { Ignore = value }),
        Table("categorical", "input columns that hold categories", nameof(DataOptions.Categorical), Formats.Names,
            t => t.Categorical, (t, value) => t with { Categorical = value }),
        Table("numeric", "input columns that hold numbers", nameof(DataOptions.Numeric), Formats.Names,
            t => t.Numeric, (t, value) => t with { Numeric = value }),
        Table("missing", "words that stand for a missing value, besides an empty field", nameof(DataOptions.MissingValues), Formats.Names,
            t => [.. t.MissingValues.Where(word => word.Length > 0)], (t, value) => t with { MissingValues = ["", .. value] }),
        Table("task-column", "long form: this column names the task of each row's label", nameof(DataOptions.TaskColumn), Formats.Column,
            t => t.TaskColumn, (t, value) => t with { TaskColumn = value }),
        Training(SettingGroup.Data, "split", "how rows are split: random, stratified, group:COL or order (60 % to train, 20 % to validate, 20 % to test)",
            nameof(TrainingOptions.Split), Formats.Splits, t => t.Split, (t, value) => t with { Split = value }),
    ];

    private static IEnumerable<Setting> NetworkSettings() =>
    [
        Network("hidden", "widths of the shared hidden layers", nameof(MlpOptions.Hidden), Formats.Integers,
            m => m.Hidden, (m, value) => m with { Hidden = value }),
        Network("head-hidden", "widths of hidden layers inside each head", nameof(MlpOptions.HeadHidden), Formats.Integers,
            m => m.HeadHidden, (m, value) => m with { HeadHidden = value }),
        Network("activation", "after every hidden layer", nameof(MlpOptions.Activation), Formats.Choice<Activation>(),
            m => m.Activation, (m, value) => m with { Activation = value }),
        Network("normalization", "in the shared layers", nameof(MlpOptions.Normalization), Formats.Choice<NormalizationKind>(),
            m => m.Normalization, (m, value) => m with { Normalization = value }),
        Network("dropout", "in the shared layers, in [0, 1)", nameof(MlpOptions.Dropout), Formats.Number,
            m => m.Dropout, (m, value) => m with { Dropout = value }),
        Network("residual", "adds a layer's input to its output where the widths agree", nameof(MlpOptions.Residual), Formats.Switch,
            m => m.Residual, (m, value) => m with { Residual = value }),
        Training(SettingGroup.Network, "init", "weights to start from (safetensors)", nameof(TrainingOptions.InitialWeights), Formats.File,
            t => t.InitialWeights, (t, value) => t with { InitialWeights = value }, isPath: true, verb: "train"),
    ];

    private static IEnumerable<Setting> TrainingSettings() =>
    [
        Training(SettingGroup.Training, "epochs", "passes over the training rows; where nothing limits the run, as many as make 6000 batches (30 to 2000)", nameof(TrainingOptions.Epochs), Formats.Integer,
            t => t.Epochs, (t, value) => t with { Epochs = value }, replaces: "steps"),
        Training(SettingGroup.Training, "steps", "batches to run, instead of epochs", nameof(TrainingOptions.Steps), Formats.LongInteger,
            t => t.Steps, (t, value) => t with { Steps = value }, replaces: "epochs"),
        Training(SettingGroup.Training, "time-budget", "stops after this time in training: 90s, 5m, 1.5h", nameof(TrainingOptions.TimeBudget), Formats.Duration,
            t => t.TimeBudget, (t, value) => t with { TimeBudget = value }, verb: "train"),
        Training(SettingGroup.Training, "step-budget", "stops after so many optimizer steps of the shared layers", nameof(TrainingOptions.OptimizerStepBudget), Formats.LongInteger,
            t => t.OptimizerStepBudget, (t, value) => t with { OptimizerStepBudget = value }, verb: "train"),
        Training(SettingGroup.Training, "batch-size", "rows per batch", nameof(TrainingOptions.BatchSize), Formats.Integer,
            t => t.BatchSize, (t, value) => t with { BatchSize = value }),
        Training(SettingGroup.Training, "no-shuffle", "keeps the order of the rows in every epoch", nameof(TrainingOptions.Shuffle), Formats.Switch,
            t => !t.Shuffle, (t, value) => t with { Shuffle = !value }),
        Optimizer("optimizer", "how weights move", nameof(OptimizerOptions.Kind), Formats.Choice<OptimizerKind>(),
            o => o.Kind, (o, value) => o with { Kind = value }),
        Training(SettingGroup.Training, "lr", "learning rate of the shared layers", nameof(TrainingOptions.LearningRate), Formats.Number,
            t => t.LearningRate, (t, value) => t with { LearningRate = value }),
        Optimizer("weight-decay", "pulls weights towards 0", nameof(OptimizerOptions.WeightDecay), Formats.Number,
            o => o.WeightDecay, (o, value) => o with { WeightDecay = value }),
        Optimizer("momentum", "of sgd, in [0, 1)", nameof(OptimizerOptions.Momentum), Formats.Number,
            o => o.Momentum, (o, value) => o with { Momentum = value }),
        Optimizer("nesterov", "Nesterov's momentum, for sgd", nameof(OptimizerOptions.Nesterov), Formats.Switch,
            o => o.Nesterov, (o, value) => o with { Nesterov = value }),
        Optimizer("clip-norm", "largest norm of a step's gradient; 0 is no limit", nameof(OptimizerOptions.ClipNorm), Formats.Number,
            o => o.ClipNorm, (o, value) => o with { ClipNorm = value }),
        Training(SettingGroup.Training, "schedule", "how the learning rate changes", nameof(ScheduleOptions.Kind), Formats.Choice<ScheduleKind>(),
            t => t.Schedule.Kind, (t, value) => t with { Schedule = t.Schedule with { Kind = value } }),
        Training(SettingGroup.Training, "warmup", "batches over which the learning rate first grows", nameof(ScheduleOptions.WarmupBatches), Formats.Integer,
            t => t.Schedule.WarmupBatches, (t, value) => t with { Schedule = t.Schedule with { WarmupBatches = value } }),
        Training(SettingGroup.Training, "patience", "epochs without a better validation score before training stops; by default as many as make 1000 batches (at least 10)", nameof(EarlyStoppingOptions.Patience), Formats.Integer,
            t => t.EarlyStopping.Patience, (t, value) => t with { EarlyStopping = t.EarlyStopping with { Patience = value } }),
        Training(SettingGroup.Training, "diagnostics", "measures in every n-th batch how the gradients of the tasks lie to each other; 0 is never", nameof(TrainingOptions.DiagnosticsInterval), Formats.Integer,
            t => t.DiagnosticsInterval, (t, value) => t with { DiagnosticsInterval = value }),
        Training(SettingGroup.Training, "diagnostics-directions", "estimates --diagnostics from so many random directions per batch: cheaper where tasks are more; 0 is exact", nameof(TrainingOptions.DiagnosticsDirections), Formats.Integer,
            t => t.DiagnosticsDirections, (t, value) => t with { DiagnosticsDirections = value }),
        Training(SettingGroup.Training, "no-early-stopping", "runs to the end; the best weights are kept all the same", nameof(EarlyStoppingOptions.Enabled), Formats.Switch,
            t => !t.EarlyStopping.Enabled, (t, value) => t with { EarlyStopping = t.EarlyStopping with { Enabled = !value } }),
    ];

    private static IEnumerable<Setting> StrategySettings() =>
    [
        new TypedSetting<string>(
            SettingGroup.Strategy, "strategy", "how the tasks share a batch; 'mtl strategies' lists what there is", nameof(TrainingOptions.Strategy),
            Formats.OneOf(StrategyNames) with { Placeholder = "NAME" },
            o => o.Training.Strategy.Name, (o, name) => o.With(Chosen(o, [name]))) { Verb = "train" },
        new TypedSetting<IReadOnlyList<string>>(
            SettingGroup.Strategy, "strategies", "strategies to compare with single-task and joint training; 'mtl strategies' lists what there is",
            nameof(PilotOptions.Strategies), Formats.SomeOf(StrategyNames),
            o => o.Strategies.Select(strategy => strategy.Name).ToArray(), (o, names) => o.With(Chosen(o, names))) { Verb = "pilot" },
        Selective("group-order", nameof(SelectiveOptions.Order), Formats.Choice<GroupOrder>(),
            s => s.Order, (s, value) => s with { Order = value }),
        Selective("affinity", nameof(SelectiveOptions.Affinity), Formats.Choice<AffinityKind>(),
            s => s.Affinity, (s, value) => s with { Affinity = value }),
        Selective("affinity-interval", nameof(SelectiveOptions.AffinityInterval), Formats.Integer,
            s => s.AffinityInterval, (s, value) => s with { AffinityInterval = value }),
        Selective("affinity-directions", nameof(SelectiveOptions.AffinityDirections), Formats.Integer,
            s => s.AffinityDirections, (s, value) => s with { AffinityDirections = value }),
        Selective("decay", nameof(SelectiveOptions.Decay), Formats.Number,
            s => s.Decay, (s, value) => s with { Decay = value }),
        Selective("affinity-limit", nameof(SelectiveOptions.AffinityLimit), Formats.Number,
            s => s.AffinityLimit, (s, value) => s with { AffinityLimit = value }),
        Selective("exact-affinity", nameof(SelectiveOptions.ExactAffinity), Formats.Switch,
            s => s.ExactAffinity, (s, value) => s with { ExactAffinity = value }),
        Selective("warmup-batches", nameof(SelectiveOptions.WarmupBatches), Formats.Integer,
            s => s.WarmupBatches, (s, value) => s with { WarmupBatches = value }),
        Selective("regroup-interval", "batches from one grouping to the next; 10 times --measure-interval by default, --affinity-interval (at least 10) if the affinity is not proximal, 1 with --official-code", nameof(SelectiveOptions.RegroupInterval), Formats.Integer,
            s => s.RegroupInterval, (s, value) => s with { RegroupInterval = value }),
        Selective("measure-interval", nameof(SelectiveOptions.MeasureInterval), Formats.Integer,
            s => s.MeasureInterval, (s, value) => s with { MeasureInterval = value }),
        Strategy("head-lr-factor", "learning rate of the heads, as a multiple of --lr", nameof(StrategyOptions.HeadLearningRateFactor), Formats.Number,
            s => s.HeadLearningRateFactor, (s, value) => s with { HeadLearningRateFactor = value }, "every strategy"),
        Selective("group-aggregator", "combines the gradients inside a group, instead of their sum: any strategy that weighs task gradients, as pcgrad, or with options of it: \"cagrad c=0.3\"",
            nameof(SelectiveOptions.Aggregator), Formats.Aggregator,
            s => s.Aggregator, (s, value) => s with { Aggregator = value }),
        Strategy("gradients", "of strategies that weigh task gradients: exact; representation (at the shared representation: nearly free); subsample:F (a share of the batch); every:N (exact in every n-th batch)",
            nameof(AggregatorOptions.Gradients), Formats.Gradients,
            s => s switch
            {
                MatrixAggregatorOptions => null,
                AggregatorOptions a => a.Gradients,
                SelectiveOptions selective => selective.Aggregator?.Gradients,
                _ => null,
            },
            (s, value) => s switch
            {
                MatrixAggregatorOptions => null,
                AggregatorOptions a => a with { Gradients = value },
                SelectiveOptions { Aggregator: { } inner and not MatrixAggregatorOptions } selective => selective with { Aggregator = inner with { Gradients = value } },
                _ => null,
            },
            "strategies that weigh task gradients"),
        Strategy("group-loss", TextOf(nameof(SelectiveOptions.Reduction)), nameof(SelectiveOptions.Reduction), Formats.Choice<GroupReduction>(),
            s => s switch { SelectiveOptions selective => selective.Reduction, JointOptions joint => joint.Reduction, _ => (object?)null },
            (s, value) => s switch
            {
                SelectiveOptions selective => selective with { Reduction = value },
                JointOptions joint => joint with { Reduction = value },
                _ => null,
            },
            "the strategies joint and selective"),
        Selective("measure-last-group", nameof(SelectiveOptions.MeasureLastGroup), Formats.Switch,
            s => s.MeasureLastGroup, (s, value) => s with { MeasureLastGroup = value }),
        Selective("official-code", nameof(SelectiveOptions.OfficialCode), Formats.Switch,
            s => s.OfficialCode, (s, value) => s with { OfficialCode = value }),
        Selective("grouping", $"how groups are made from the affinity: {string.Join(", ", GroupingCatalog.Names)}", nameof(SelectiveOptions.Grouping), Formats.OneOf(GroupingCatalog.Names) with { Placeholder = "NAME" },
            s => s.Grouping, (s, value) => s with { Grouping = value }),
        Selective("groups", "the groups, for --grouping fixed (which they imply); a task in several groups is updated with each", nameof(SelectiveOptions.FixedGroups), Formats.Groups,
            s => s.FixedGroups, (s, value) => s with { FixedGroups = value, Grouping = "fixed" }),
        Selective("random-groups", nameof(SelectiveOptions.RandomGroups), Formats.Integer,
            s => s.RandomGroups, (s, value) => s with { RandomGroups = value }),
        Selective("preference", "of affinity propagation: larger values give more groups", nameof(SelectiveOptions.Preference), Formats.MedianOrNumber,
            s => s.Preference ?? double.NaN, (s, value) => s with { Preference = double.IsNaN(value) ? null : value }),
        Selective("group-threshold", "of --grouping hierarchical and conflict-colouring: how much tasks must help each other to share a group; 1 is what a task gains from itself, 0 is the default", nameof(SelectiveOptions.GroupThreshold), Formats.Number,
            s => s.GroupThreshold, (s, value) => s with { GroupThreshold = value }),
        Selective("group-count", nameof(SelectiveOptions.GroupCount), Formats.Integer,
            s => s.GroupCount, (s, value) => s with { GroupCount = value }),
        Selective("max-groups", "most groups, for --grouping cover (otherwise about the root of the number of tasks, at least 2) and spectral", nameof(SelectiveOptions.MaxGroups), Formats.Integer,
            s => s.MaxGroups, (s, value) => s with { MaxGroups = value }),
    ];

    private static OptionSetting OtherOptions() =>
        new(StrategySettings().Select(setting => JsonNamingPolicy.KebabCaseLower.ConvertName(setting.Property!)).ToHashSet());

    private static IEnumerable<Setting> RunSettings() =>
    [
        new TypedSetting<int>(
            SettingGroup.Run, "seeds", "repeats of every comparison, each with its own split and weights", nameof(PilotOptions.Seeds), Formats.Integer,
            o => o.Seeds, (o, value) => o with { Seeds = value }) { Verb = "pilot" },
        new TypedSetting<bool>(
            SettingGroup.Run, "equal-time", "adds joint training with as much time as the slowest strategy had", nameof(PilotOptions.EqualTime), Formats.Switch,
            o => o.EqualTime, (o, value) => o with { EqualTime = value }) { Verb = "pilot" },
        Training(SettingGroup.Run, "seed", "seed of everything random", nameof(TrainingOptions.Seed), Formats.Seed,
            t => t.Seed, (t, value) => t with { Seed = value }),
        Training(SettingGroup.Run, "device", DeviceChoice.Description, nameof(DeviceOptions.Kind), DeviceChoice.Format,
            t => new DeviceChoice(t.Device.Kind, t.Device.Index), (t, value) => t with { Device = t.Device with { Kind = value.Kind, Index = value.Index } }),
        Training(SettingGroup.Run, "precision", PrecisionFormat.Description, nameof(DeviceOptions.Precision), PrecisionFormat.Format,
            t => t.Device.Precision, (t, value) => t with { Device = t.Device with { Precision = value } }),
        Training(SettingGroup.Run, "threads", "processor threads; 0 takes all cores", nameof(DeviceOptions.Threads), Formats.Integer,
            t => t.Device.Threads, (t, value) => t with { Device = t.Device with { Threads = value } }),
    ];

    // Naming a strategy that is in force already must not undo its options.
    private static StrategyOptions[] Chosen(RunOptions options, IReadOnlyList<string> names) =>
        [.. names.Select(name => options.Strategies.FirstOrDefault(strategy => strategy.Name == name) ?? StrategyCatalog.Find(name).Defaults)];

    private static TypedSetting<T> Table<T>(
        string name, string description, string property, ValueFormat<T> format,
        Func<DataOptions, T?> get, Func<DataOptions, T, DataOptions> set)
        where T : class => new(
            SettingGroup.Data, name, description, property, format,
            o => get(o.Table), (o, value) => o with { Table = set(o.Table, value) });

    private static TypedSetting<T> Network<T>(
        string name, string description, string property, ValueFormat<T> format,
        Func<MlpOptions, T> get, Func<MlpOptions, T, MlpOptions> set)
        where T : notnull => Training(
            SettingGroup.Network, name, description, property, format,
            t => get(t.Model), (t, value) => t with { Model = set(t.Model, value) });

    private static TypedSetting<T> Training<T>(
        SettingGroup group, string name, string description, string property, ValueFormat<T> format,
        Func<TrainingOptions, object?> get, Func<TrainingOptions, T, TrainingOptions> set, string? replaces = null, bool isPath = false,
        string? verb = null)
        where T : notnull => new(
            group, name, description, property, format,
            o => get(o.Training), (o, value) => o with { Training = set(o.Training, value) })
        { Replaces = replaces, IsPath = isPath, Verb = verb };

    private static TypedSetting<T> Optimizer<T>(
        string name, string description, string property, ValueFormat<T> format,
        Func<OptimizerOptions, object?> get, Func<OptimizerOptions, T, OptimizerOptions> set)
        where T : notnull => Training(
            SettingGroup.Training, name, description, property, format,
            t => get(t.Optimizer), (t, value) => t with { Optimizer = set(t.Optimizer, value) });

    private static TypedSetting<T> Selective<T>(
        string name, string description, string property, ValueFormat<T> format,
        Func<SelectiveOptions, object?> get, Func<SelectiveOptions, T, SelectiveOptions> set)
        where T : notnull => Strategy(
            name, description, property, format,
            s => s is SelectiveOptions selective ? get(selective) : null,
            (s, value) => s is SelectiveOptions selective ? set(selective, value) : null,
            "the strategy selective");

    // Described as the option is; others differ where they speak of flags.
    private static TypedSetting<T> Selective<T>(
        string name, string property, ValueFormat<T> format,
        Func<SelectiveOptions, object?> get, Func<SelectiveOptions, T, SelectiveOptions> set)
        where T : notnull => Selective(name, TextOf(property), property, format, get, set);

    private static string TextOf(string property) =>
        typeof(SelectiveOptions).GetProperty(property)!.GetCustomAttribute<OptionTextAttribute>()!.Text;

    // A pilot sets it in all of its strategies that know it; set gives null for those that do not.
    private static TypedSetting<T> Strategy<T>(
        string name, string description, string property, ValueFormat<T> format,
        Func<StrategyOptions, object?> get, Func<StrategyOptions, T, StrategyOptions?> set, string owner)
        where T : notnull => new(
            SettingGroup.Strategy, name, description, property, format,
            o => o.Strategies.Select(get).OfType<object>().Distinct().ToArray() is [var value] ? value : null,
            (o, value) => o.Strategies.Select(strategy => set(strategy, value)).ToArray() is var changed && changed.Any(strategy => strategy is not null)
                ? o.With([.. changed.Zip(o.Strategies, (now, before) => now ?? before)])
                : throw new NotApplicableException($"belongs to {owner}, not to {string.Join(", ", o.Strategies.Select(strategy => strategy.Name))}"));
}
