using System.CommandLine;
using System.Text.Json.Nodes;
using MtlHybrid.Cli.Settings;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Strategies;

namespace MtlHybrid.Cli.Tests;

/// <summary>Defaults, config file and flags become one set of options.</summary>
public class ConfigTests
{
    [Fact]
    public void Flags_win_over_the_config_file_and_the_file_over_the_defaults()
    {
        RunOptions options = Merge("""{"batch-size": 32, "lr": 0.01}""", "--lr", "0.1").Options;

        Assert.Equal(0.1, options.Training.LearningRate);
        Assert.Equal(32, options.Training.BatchSize);
        Assert.Equal(new Training.TrainingOptions().Seed, options.Training.Seed);
    }

    [Fact]
    public void Every_flag_has_a_key_that_means_the_same()
    {
        (string Flags, string Json)[] pairs =
        [
            ("--task t:binary --task a:b:multiclass --targets t,a:b", """{"task": {"t": "binary", "a:b": "multi-class"}, "targets": ["t", "a:b"]}"""),
            ("--ignore a,b --categorical c --numeric d", """{"ignore": ["a", "b"], "categorical": ["c"], "numeric": ["d"]}"""),
            ("--missing -200,none", """{"missing": ["-200", "none"]}"""),
            ("--targets score --task-column school", """{"targets": ["score"], "task-column": "school"}"""),
            ("--split group:subject", """{"split": "group:subject"}"""),
            ("--hidden 8,16 --head-hidden 4", """{"hidden": [8, 16], "head-hidden": [4]}"""),
            ("--activation gelu-tanh --normalization layer --dropout 0.5 --residual", """{"activation": "gelu-tanh", "normalization": "layer", "dropout": 0.5, "residual": true}"""),
            ("--epochs 3", """{"epochs": 3}"""),
            ("--diagnostics 5 --diagnostics-directions 8", """{"diagnostics": 5, "diagnostics-directions": 8}"""),
            ("--steps 300 --batch-size 8 --no-shuffle", """{"steps": 300, "batch-size": 8, "no-shuffle": true}"""),
            ("--time-budget 1.5m --step-budget 70", """{"time-budget": 90, "step-budget": 70}"""),
            ("--optimizer sgd --lr 1e-2 --weight-decay 0.001 --momentum 0.9 --nesterov --clip-norm 1",
                """{"optimizer": "sgd", "lr": 1e-2, "weight-decay": 0.001, "momentum": 0.9, "nesterov": true, "clip-norm": 1}"""),
            ("--schedule cosine --warmup 10 --patience 5 --no-early-stopping", """{"schedule": "cosine", "warmup": 10, "patience": 5, "no-early-stopping": true}"""),
            ("--strategy joint --head-lr-factor 2 --group-loss mean", """{"strategy": "joint", "head-lr-factor": 2, "group-loss": "mean"}"""),
            ("--group-order round-robin --decay 0.1 --warmup-batches 5 --regroup-interval 2 --head-lr-factor 3",
                """{"group-order": "round-robin", "decay": 0.1, "warmup-batches": 5, "regroup-interval": 2, "head-lr-factor": 3}"""),
            ("--exact-affinity", """{"exact-affinity": true}"""),
            ("--measure-interval 7", """{"measure-interval": 7}"""),
            ("--measure-last-group --official-code --preference -1.5 --affinity-limit 0.5",
                """{"measure-last-group": true, "official-code": true, "preference": -1.5, "affinity-limit": 0.5}"""),
            ("--group-aggregator pcgrad", """{"group-aggregator": "pcgrad"}"""),
            ("--affinity sketch --affinity-interval 20 --affinity-directions 4",
                """{"affinity": "sketch", "affinity-interval": 20, "affinity-directions": 4}"""),
            ("--groups a,b;c", """{"groups": [["a", "b"], ["c"]]}"""),
            ("--grouping hierarchical --group-threshold -0.25", """{"grouping": "hierarchical", "group-threshold": -0.25}"""),
            ("--grouping spectral --group-count 3", """{"grouping": "spectral", "group-count": 3}"""),
            ("--grouping cover --max-groups 3", """{"grouping": "cover", "max-groups": 3}"""),
            ("--grouping random --random-groups 3", """{"grouping": "random", "random-groups": 3}"""),
            ("--device cuda:3 --precision bf16", """{"device": "cuda:3", "precision": "bf16"}"""),
            ("--device cuda --precision tf32", """{"device": "cuda", "precision": "tf32"}"""),
            ("--seed 18446744073709551615 --device cpu --threads 2", """{"seed": 18446744073709551615, "device": "cpu", "threads": 2}"""),
        ];
        foreach ((string flags, string json) in pairs)
        {
            RunSettings byFlags = Merge("{}", flags.Split(' '));
            RunSettings byJson = Merge(json);

            Assert.Equal(byFlags.EffectiveConfig().ToJsonString(), byJson.EffectiveConfig().ToJsonString());
            Assert.NotEqual(Merge("{}").EffectiveConfig().ToJsonString(), byFlags.EffectiveConfig().ToJsonString());
        }

        // These belong to strategies that are not trained by default.
        string[] elsewhere = ["gradients", "option"];
        HashSet<string> covered = [.. pairs.SelectMany(pair => JsonNode.Parse(pair.Json)!.AsObject().Select(entry => entry.Key))];
        Assert.Equal(
            ["data", "init"],
            SettingCatalog.Create().Where(setting => setting.Verb != "pilot" && !covered.Contains(setting.Name) && !elsewhere.Contains(setting.Name)).Select(setting => setting.Name));
    }

    [Fact]
    public void Flags_reach_the_options_of_the_library()
    {
        RunOptions options = Merge(
            "{}", "--task", "y:multiclass", "--optimizer", "adamw", "--clip-norm", "2", "--group-order", "fixed", "--groups", "y;z", "--no-shuffle").Options;

        Assert.Equal(TaskKind.MultiClass, options.Table.TaskKinds["y"]);
        Assert.Equal(OptimizerKind.AdamW, options.Training.Optimizer.Kind);
        Assert.Equal(2, options.Training.Optimizer.ClipNorm);
        Assert.False(options.Training.Shuffle);
        var strategy = Assert.IsType<SelectiveOptions>(options.Training.Strategy);
        Assert.Equal(GroupOrder.Fixed, strategy.Order);
        Assert.Equal("fixed", strategy.Grouping);
        Assert.Equal([["y"], ["z"]], strategy.FixedGroups!);
    }

    [Fact]
    public void The_effective_config_repeats_the_run()
    {
        RunSettings first = Merge(
            """{"decay": 0.25}""", "--hidden", "32", "--steps", "77", "--missing", "-1", "--time-budget", "2h", "--preference", "0.5", "--seed", "9");
        string config = first.EffectiveConfig().ToJsonString();

        RunSettings second = Merge(config);

        Assert.Equal(config, second.EffectiveConfig().ToJsonString());
        Assert.Equal(77, second.Options.Training.Steps);
        Assert.Equal(TimeSpan.FromHours(2), second.Options.Training.TimeBudget);
    }

    [Fact]
    public void A_flag_for_steps_replaces_the_epochs_of_the_file()
    {
        RunOptions options = Merge("""{"epochs": 10}""", "--steps", "5").Options;

        Assert.Null(options.Training.Epochs);
        Assert.Equal(5, options.Training.Steps);
    }

    [Fact]
    public void A_switch_of_the_file_can_be_turned_off_again()
    {
        Assert.True(Merge("""{"no-shuffle": true}""", "--no-shuffle", "false").Options.Training.Shuffle);
    }

    [Fact]
    public void Another_strategy_by_flag_leaves_the_details_of_the_files_strategy_unused_and_says_so()
    {
        var notes = new List<string>();

        RunOptions options = Merge(notes.Add, """{"strategy": "selective", "decay": 0.5, "head-lr-factor": 2}""", "--strategy", "joint").Options;

        Assert.Equal(2, Assert.IsType<JointOptions>(options.Training.Strategy).HeadLearningRateFactor);
        Assert.Contains("decay", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"strategy": "joint", "decay": 0.5}""", new string[0], "config.json: decay is not used: it belongs to the strategy selective, not to joint")]
    [InlineData("{}", new[] { "--strategy", "joint", "--group-order", "fixed" }, "--group-order is not used: it belongs to the strategy selective, not to joint")]
    public void What_the_strategy_does_not_know_is_noted_so_that_one_command_line_compares_strategies(string config, string[] flags, string note)
    {
        var notes = new List<string>();

        Assert.Equal(new JointOptions(), Merge(notes.Add, config, flags).Options.Training.Strategy);

        Assert.EndsWith(note, Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_the_other_verb_is_left_out_and_noted()
    {
        var notes = new List<string>();

        Merge(notes.Add, """{"seeds": 3}""");

        Assert.EndsWith("seeds is not used: it belongs to mtl pilot", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"batchsize": 3}""", "unknown key 'batchsize' (did you mean 'batch-size'?)")]
    [InlineData("""{"sides": 3}""", "unknown key 'sides'")]
    [InlineData("""{"batch-size": "many"}""", "batch-size: expected a whole number; got \"many\"")]
    [InlineData("""{"batch-size": 0}""", "batch-size must be between 1 and 1048576; got 0")]
    [InlineData("""{"lr": null}""", "lr: expected a number; got null")]
    [InlineData("""{"targets": "y"}""", "targets: expected a list of names; got \"y\"")]
    [InlineData("""{"residual": 1}""", "residual: expected true or false; got 1")]
    public void A_wrong_config_names_file_and_key(string config, string message)
    {
        var refusal = Assert.Throws<UsageException>(() => Merge(config));

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("config.json", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.WrongUsage, ExitCode.For(refusal));
    }

    [Theory]
    [InlineData("{\n\"lr\": 0.1,,\n}", "config.json, line 2, column 11")]
    [InlineData("[1]", "expected a JSON object of settings")]
    [InlineData("""{"lr": 0.1, "lr": 0.2}""", "lr")]
    [InlineData("", "not JSON")]
    public void A_config_that_is_no_JSON_object_is_a_bad_file(string config, string message)
    {
        var refusal = Assert.Throws<ConfigFileException>(() => Merge(config));

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadDataOrFile, ExitCode.For(refusal));
    }

    [Fact]
    public void A_missing_config_is_a_bad_file() =>
        Invocation.Run("train", "--config", "nowhere.json", "--out", "run").MustFail(ExitCode.BadDataOrFile, "nowhere.json");

    [Fact]
    public void Paths_in_a_config_are_relative_to_it()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", """{"data": "table.csv", "targets": ["y"], "init": "w.safetensors"}""");

        RunOptions options = Merge(_ => { }, folder["config.json"], []).Options;

        Assert.Equal(folder["table.csv"], options.Data);
        Assert.Equal(folder["w.safetensors"], options.Training.InitialWeights);
    }

    private static RunSettings Merge(string config, params string[] flags) => Merge(_ => { }, config, flags);

    // A file that has no data or targets gets them by flags.
    private static RunSettings Merge(Action<string> note, string config, params string[] flags)
    {
        if (File.Exists(config)) return MergeFile(note, config, flags);
        using var folder = new TemporaryFolder();
        string[] needed = config.Contains("\"targets\"", StringComparison.Ordinal) || flags.Contains("--targets") ? ["--data", "t.csv"] : ["--data", "t.csv", "--targets", "y,z"];
        return MergeFile(note, folder.Write("config.json", config), [.. needed, .. flags]);
    }

    private static RunSettings MergeFile(Action<string> note, string path, string[] flags)
    {
        Setting[] settings = [.. SettingCatalog.Create().Where(setting => setting.Verb != "pilot")];
        var command = new RootCommand();
        foreach (Setting setting in settings) command.Add(setting.Option);
        ParseResult parse = command.Parse(flags);
        Assert.Empty(parse.Errors);
        return RunSettings.Merge(settings, new RunOptions(), parse, path, note);
    }
}
