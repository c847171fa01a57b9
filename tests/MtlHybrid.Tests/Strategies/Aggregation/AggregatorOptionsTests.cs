using MtlHybrid.Strategies;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public class AggregatorOptionsTests
{
    [Theory]
    [InlineData("gradvac", "beta=-0.1", "in [0, 1]")]
    [InlineData("gradvac", "beta=1.1", "in [0, 1]")]
    [InlineData("krum", "byzantine=-1", "at least 0")]
    [InlineData("krum", "selected=0", "at least 1")]
    [InlineData("graddrop", "leak=1.5", "in [0, 1]")]
    [InlineData("graddrop", "gradients=every:3", "exact for graddrop, which works on every element")]
    [InlineData("trimmed-mean", "trim=-1", "at least 0")]
    [InlineData("db-mtl", "beta=1", "in [0, 1)")]
    [InlineData("excess-mtl", "eta=-1", "finite and at least 0")]
    [InlineData("moco", "beta=0", "in (0, 1]")]
    [InlineData("moco", "beta-decay=-1", "finite and at least 0")]
    [InlineData("moco", "gamma=-1", "finite and at least 0")]
    [InlineData("moco", "gamma-decay=-1", "finite and at least 0")]
    [InlineData("moco", "rho=-1", "finite and at least 0")]
    [InlineData("modo", "gamma=-1", "finite and at least 0")]
    [InlineData("modo", "rho=-1", "finite and at least 0")]
    [InlineData("sdmgrad", "lambda=-1", "finite and at least 0")]
    [InlineData("sdmgrad", "iterations=0", "in [1, 10000]")]
    [InlineData("gradnorm", "alpha=-1", "finite and at least 0")]
    [InlineData("gradnorm", "weight-rate=-1", "finite and at least 0")]
    public void Values_outside_their_range_are_refused(string name, string assignment, string expected)
    {
        StrategyOptions options = StrategyCatalog.Find(name).Defaults;

        string message = Assert.Throws<InvalidOptionException>(() => OptionAssignment.Apply(options, [assignment])).Message;

        Assert.Contains($"option '{assignment.Split('=')[0]}' of {name} must be {expected}; got ", message);
    }
}
