using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public sealed class GramOptionTests
{
    public static TheoryData<GramAggregatorOptions, string> OutsideTheirRange => new()
    {
        { new MgdaOptions { Normalization = (MgdaNormalization)9 }, "Normalization must be none, l2, loss or loss-plus; got 9" },
        { new CAGradOptions { C = -0.1 }, "C must be finite and at least 0; got -0.1" },
        { new CAGradOptions { C = double.NaN }, "C must be finite and at least 0; got NaN" },
        { new CAGradOptions { Rescale = (CAGradRescale)9 }, "Rescale must be none, linear or square; got 9" },
        { new NashMtlOptions { MaxNorm = 0 }, "MaxNorm must be finite and above 0; got 0" },
        { new NashMtlOptions { UpdateInterval = 0 }, "UpdateInterval must be at least 1; got 0" },
        { new AlignedMtlOptions { Scale = (AlignedScale)9 }, "Scale must be min, median or rmse; got 9" },
        { new FairGradOptions { Alpha = 0 }, "Alpha must be in [0.1, 10]; got 0" },
        { new FairGradOptions { Alpha = double.NaN }, "Alpha must be in [0.1, 10]; got NaN" },
        { new UPGradOptions { Regularization = -1 }, "Regularization must be finite and at least 0; got -1" },
        { new DualProjOptions { Regularization = double.PositiveInfinity }, "Regularization must be finite and at least 0; got" },
    };

    [Theory]
    [MemberData(nameof(OutsideTheirRange), DisableDiscoveryEnumeration = true)]
    public void Values_outside_their_range_are_refused(GramAggregatorOptions options, string message)
    {
        Assert.StartsWith(message, Assert.Throws<InvalidOptionException>(options.Validate).Message);
    }

    [Fact]
    public void Options_reach_the_aggregator()
    {
        Assert.NotEqual(Direction(new MgdaOptions()), Direction(new MgdaOptions { Normalization = MgdaNormalization.L2 }));
        Assert.NotEqual(Direction(new CAGradOptions()), Direction(new CAGradOptions { C = 0.4 }));
        Assert.NotEqual(Direction(new CAGradOptions()), Direction(new CAGradOptions { Rescale = CAGradRescale.Square }));
        Assert.NotEqual(Direction(new NashMtlOptions()), Direction(new NashMtlOptions { MaxNorm = 0.5 }));
        Assert.NotEqual(Direction(new AlignedMtlOptions()), Direction(new AlignedMtlOptions { Scale = AlignedScale.Rmse }));
        Assert.NotEqual(Direction(new FairGradOptions()), Direction(new FairGradOptions { Alpha = 2 }));
        Assert.NotEqual(Direction(new UPGradOptions()), Direction(new UPGradOptions { Regularization = 0.01 }));
        Assert.NotEqual(Direction(new DualProjOptions()), Direction(new DualProjOptions { Regularization = 0.01 }));

        static double[] Direction(GramAggregatorOptions options) => Aggregate.Direction(options.CreateAggregator(), Aggregate.Published);
    }
}
