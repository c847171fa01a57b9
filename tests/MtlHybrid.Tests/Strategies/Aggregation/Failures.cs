using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

/// <summary>Collects what is wrong over many inputs, so that a failing test shows the pattern.</summary>
internal sealed class Failures
{
    private readonly List<string> _found = [];

    public void Check(bool holds, string otherwise)
    {
        if (!holds) _found.Add(otherwise.Trim().ReplaceLineEndings(" "));
    }

    public void AssertNone() => Assert.True(_found.Count == 0, $"{_found.Count} wrong:\n{string.Join('\n', _found.Take(8))}");
}
