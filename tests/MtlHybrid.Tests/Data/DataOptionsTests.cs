using MtlHybrid.Data;
using Xunit;

namespace MtlHybrid.Tests.Data;

public sealed class DataOptionsTests
{
    public static TheoryData<DataOptions, string, string> Contradictions => new()
    {
        { new DataOptions(), "Targets", "at least one" },
        { new DataOptions { Targets = ["a", "b", "a"] }, "Targets", "'a' twice" },
        { new DataOptions { Targets = ["a"], Ignore = ["a"] }, "Ignore", "'a'" },
        { new DataOptions { Targets = ["a"], Categorical = ["a"] }, "Categorical", "'a'" },
        { new DataOptions { Targets = ["a"], Numeric = ["a"] }, "Numeric", "'a'" },
        { new DataOptions { Targets = ["a"], Numeric = ["b"], Categorical = ["b"] }, "Numeric", "'b'" },
        { new DataOptions { Targets = ["moisture"], TaskKinds = Kinds("mosture", TaskKind.Binary) }, "TaskKinds", "did you mean 'moisture'?" },
        { new DataOptions { Targets = ["a"], TaskKinds = Kinds("a", (TaskKind)9) }, "TaskKinds", "9" },
        { new DataOptions { Targets = ["a", "b"], TaskColumn = "t" }, "Targets", "2 columns" },
        { new DataOptions { Targets = ["a"], TaskColumn = "a" }, "TaskColumn", "'a'" },
    };

    [Theory]
    [MemberData(nameof(Contradictions), DisableDiscoveryEnumeration = true)]
    public void Contradictions_name_the_option_and_the_column(DataOptions options, string option, string expected)
    {
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(options.Validate);

        Assert.Equal(option, error.Option);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, TaskKind> Kinds(string name, TaskKind kind) => new() { [name] = kind };
}
