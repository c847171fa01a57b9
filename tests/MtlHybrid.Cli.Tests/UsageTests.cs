namespace MtlHybrid.Cli.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("--lr -1", "--lr must be finite and above 0; got -1")]
    [InlineData("--lr 0", "--lr must be finite and above 0; got 0")]
    [InlineData("--lr NaN", "--lr: expected a finite number; got 'NaN'")]
    [InlineData("--lr 1e999", "--lr: expected a finite number; got '1e999'")]
    [InlineData("--lr 1e300", "--lr: expected a number that 32 bits can hold (1e-45 to 3.4e38); got '1e300'")]
    [InlineData("--weight-decay 1e-300", "--weight-decay: expected a number that 32 bits can hold")]
    [InlineData("--lr fast", "--lr: expected a finite number; got 'fast'")]
    [InlineData("--batch-size 0", "--batch-size must be between 1 and 1048576; got 0")]
    [InlineData("--batch-size 1.5", "--batch-size: expected a whole number; got '1.5'")]
    [InlineData("--diagnostics -1", "--diagnostics must be at least 0; got -1")]
    [InlineData("--epochs 0", "--epochs must be at least 1; got 0")]
    [InlineData("--epochs 3 --steps 4", "exclude each other")]
    [InlineData("--seed -1", "--seed: expected a whole number, at least 0; got '-1'")]
    [InlineData("--threads -2", "--threads must be between 0 and 1024; got -2")]
    [InlineData("--threads 1025", "--threads must be between 0 and 1024; got 1025")]
    [InlineData("--hidden 64,none", "--hidden: expected a whole number; got 'none'")]
    [InlineData("--hidden 0", "--hidden")]
    [InlineData("--hidden 64,,64", "--hidden: an empty name in '64,,64'")]
    [InlineData("--dropout 1", "--dropout must be in [0, 1); got 1")]
    [InlineData("--weight-decay -0.1", "--weight-decay must be finite and at least 0; got -0.1")]
    [InlineData("--momentum 1", "--momentum must be in [0, 1); got 1")]
    [InlineData("--optimizer sgd --nesterov", "--momentum must be above 0 with Nesterov; got 0")]
    [InlineData("--decay 0", "--decay must be in (0, 1]; got 0")]
    [InlineData("--measure-interval 0", "--measure-interval must be at least 1; got 0")]
    [InlineData("--measure-interval 2 --official-code", "--measure-interval must be 1 with the authors' program, which always measures; got 2")]
    [InlineData("--regroup-interval 0", "--regroup-interval must be at least 1; got 0")]
    [InlineData("--warmup-batches -1", "--warmup-batches must be at least 0; got -1")]
    [InlineData("--warmup -1", "--warmup must be at least 0; got -1")]
    [InlineData("--patience 0", "--patience must be at least 1; got 0")]
    [InlineData("--time-budget soon", "--time-budget: expected a duration such as 90s, 5m or 1.5h; got 'soon'")]
    [InlineData("--time-budget 0s", "--time-budget must be above zero")]
    [InlineData("--step-budget 0", "--step-budget must be at least 1; got 0")]
    [InlineData("--strategy jiont", "--strategy: expected joint, selective")]
    [InlineData("--strategy jiont --seed 1", "got 'jiont' (did you mean 'joint'?)")]
    [InlineData("--option decai=1", "--option: an option of selective must be one of decay, ")]
    [InlineData("--option decay=0", "--option: option 'decay' of selective must be in (0, 1]; got 0")]
    [InlineData("--option decay", "--option: option 'decay' of selective must be given as decay=VALUE; got 'decay'")]
    [InlineData("--option decay=1 --option decay=1", "--option: option 'decay' of selective must be given once; got it twice")]
    [InlineData("--option selektive:decay=1", "--option: unknown strategy 'selektive' (did you mean 'selective'?); expected one of joint, ")]
    [InlineData("--strategy joint --option decay=1", "--option: an option of joint must be one of reduction, head-learning-rate-factor; got 'decay'")]
    [InlineData("--group-aggregator pcgard", "--group-aggregator: it must be one of excess-mtl, ")]
    [InlineData("--option aggregator=joint", "--option: option 'aggregator' of selective must be one of excess-mtl, ")]
    [InlineData("--gradients half", "--gradients: expected exact, representation, subsample:F with F in (0, 1], or every:N with N at least 1; got 'half'")]
    [InlineData("--head-lr-factor -1", "--head-lr-factor must be finite and at least 0; got -1")]
    [InlineData("--optimizer adamax", "--optimizer: expected sgd, adam, adamw; got 'adamax'")]
    [InlineData("--activation step", "--activation: expected relu, gelu, gelu-tanh, silu, tanh, sigmoid; got 'step'")]
    [InlineData("--split half", "--split: expected random, stratified, group:COL or order; got 'half'")]
    [InlineData("--grouping fixed", "--grouping fixed needs --groups")]
    [InlineData("--grouping kmeans", "--grouping: expected affinity-propagation")]
    [InlineData("--preference mean", "--preference: expected median or a finite number; got 'mean'")]
    [InlineData("--device gpu", "--device: expected auto, cpu, cuda or cuda:N with the number of a GPU; got 'gpu'")]
    [InlineData("--device cuda:x", "--device: expected auto, cpu, cuda or cuda:N with the number of a GPU; got 'cuda:x'")]
    [InlineData("--device cuda:-1", "got 'cuda:-1'")]
    [InlineData("--device cuda:", "got 'cuda:'")]
    [InlineData("--device cpu:0", "got 'cpu:0'")]
    [InlineData("--precision half", "--precision: expected float32, tf32, bf16; got 'half'")]
    [InlineData("--device cpu --precision bf16", "--precision must be Full (32-bit floats) on the processor; got BFloat16")]
    [InlineData("--task y", "--task: expected NAME:")]
    [InlineData("--task y:ordinal", "--task: expected regression, binary, multi-class; got 'ordinal'")]
    [InlineData("--task y:binary --task y:binary", "--task: the task 'y' is named twice")]
    [InlineData("--task other:binary", "--task must be about targets; got 'other'")]
    [InlineData("--batchsize 3", "unknown option '--batchsize' (did you mean '--batch-size'?)")]
    [InlineData("--seeds 3", "unknown option '--seeds'")]
    [InlineData("more", "'more' is not expected here")]
    public void A_wrong_option_of_train_is_named(string options, string message)
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["train", "--data", folder.WriteTable(), "--targets", "y", "--out", folder["run"], .. options.Split(' ')];

        Invocation.Run(arguments).MustFail(ExitCode.WrongUsage, message);

        Assert.False(Directory.Exists(folder["run"]));
    }

    [Theory]
    [InlineData("train --targets y --out run", "--data FILE is needed")]
    [InlineData("train --data t.csv --out run", "--targets A,B,... is needed")]
    [InlineData("train --data t.csv --targets y", "--out DIR is needed")]
    [InlineData("train --data t.csv --targets y --lr", "--lr")]
    [InlineData("pilot --data t.csv --targets y --out run --seeds 0", "--seeds must be between 1 and 1000 seeds; got 0")]
    [InlineData("pilot --data t.csv --targets y --out run --strategy joint", "unknown option '--strategy' (did you mean '--strategies'?)")]
    [InlineData("pilot --data t.csv --targets y --out run --strategies jiont", "--strategies: expected joint, selective")]
    [InlineData("pilot --data t.csv --targets y --out run --init w.safetensors", "unknown option '--init'")]
    [InlineData("pilot --data t.csv --targets y --out run --strategies joint,selective --option reduction=mean", "several strategies have an option of their own called 'reduction': write joint:reduction=VALUE or selective:reduction=VALUE")]
    [InlineData("pilot --data t.csv --targets y --out run --strategies joint,selective --option decai=1", "got 'decai' (did you mean 'decay'?)")]
    [InlineData("evaluate --data t.csv", "--model")]
    [InlineData("predict --model run", "--data")]
    [InlineData("predict --model run --data t.csv --threads -1", "--threads must be between 0 and 1024; got -1")]
    [InlineData("evaluate --model run --data t.csv --threads 1025", "--threads must be between 0 and 1024; got 1025")]
    [InlineData("pilot --data t.csv --targets y --out run --threads 1025", "--threads must be between 0 and 1024; got 1025")]
    [InlineData("bench --threads 1025", "--threads must be between 0 and 1024; got 1025")]
    [InlineData("bench --threads two", "--threads: expected a whole number; got 'two'")]
    [InlineData("bench --device gpu", "--device: expected auto, cpu, cuda or cuda:N with the number of a GPU; got 'gpu'")]
    [InlineData("bench --seed 1", "unknown option '--seed'")]
    [InlineData("bench more", "'more' is not expected here")]
    [InlineData("cluster", "AFFINITY.csv")]
    [InlineData("devises", "unknown command 'devises' (did you mean 'devices'?)")]
    [InlineData("", "a command is needed: train, evaluate, predict, pilot, strategies, cluster, aggregate, devices, bench")]
    public void What_is_missing_is_named(string arguments, string message) =>
        Invocation.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)).MustFail(ExitCode.WrongUsage, message);

    [Fact]
    public void A_task_twice_in_a_group_is_named()
    {
        using var folder = new TemporaryFolder();

        Invocation.Run("train", "--data", folder.WriteTable(), "--targets", "sum,difference", "--groups", "sum;difference,sum,sum", "--out", folder["run"])
            .MustFail(ExitCode.WrongUsage, "--groups must be groups that name every task, each task at most once per group; got 'sum' twice in one group");
    }

    [Fact]
    public void An_empty_path_counts_as_missing()
    {
        Invocation.Run("train", "--data", "", "--targets", "y", "--out", "run").MustFail(ExitCode.WrongUsage, "--data FILE is needed");
        Invocation.Run("train", "--data", "t.csv", "--targets", "y", "--out", "").MustFail(ExitCode.WrongUsage, "--out DIR is needed");
    }

    [Fact]
    public void With_json_a_failure_is_a_document_too()
    {
        Invocation invocation = Invocation.Run("train", "--data", "t.csv", "--targets", "y", "--out", "run", "--lr", "-1", "--json");

        Assert.Equal(ExitCode.WrongUsage, invocation.ExitCode);
        Assert.Equal(ExitCode.WrongUsage, (int)invocation.Json["error"]!["exitCode"]!);
        Assert.Contains("--lr", (string)invocation.Json["error"]!["message"]!, StringComparison.Ordinal);
        Assert.Contains("--lr", invocation.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("predict")]
    [InlineData("pilot")]
    [InlineData("strategies")]
    [InlineData("cluster")]
    [InlineData("devices")]
    [InlineData("bench")]
    public void Every_verb_has_a_help_page_of_80_columns_with_an_example(string verb)
    {
        Invocation help = Invocation.Run(verb, "--help").MustSucceed();

        Assert.Equal("", help.Error);
        Assert.Contains($"Usage: mtl {verb}", help.Output, StringComparison.Ordinal);
        Assert.Contains("Example", help.Output, StringComparison.Ordinal);
        Assert.All(help.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void Help_shows_the_defaults_of_the_library()
    {
        string help = Invocation.Run("train", "--help").MustSucceed().Output;

        Assert.Contains("[default: 64]", help, StringComparison.Ordinal);
        Assert.Contains("[default: 0.001]", help, StringComparison.Ordinal);
        Assert.Contains("[default: selective]", help, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_printed()
    {
        string version = Invocation.Run("--version").MustSucceed().Output;

        Assert.Matches(@"^\d+\.\d+\.\d+", version);
    }
}
