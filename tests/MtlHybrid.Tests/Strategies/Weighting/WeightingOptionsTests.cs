using MtlHybrid.Strategies.Weighting;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Weighting;

public sealed class WeightingOptionsTests
{
    public static TheoryData<WeightingOptions, string> Refused => new()
    {
        { new ScaleInvariantOptions { HeadLearningRateFactor = -1 }, "HeadLearningRateFactor must be finite and at least 0; got -1" },
        { new UncertaintyWeightingOptions { LearningRate = -0.1 }, "LearningRate must be finite and at least 0; got -0.1" },
        { new ImtlLOptions { LearningRate = double.NaN }, "LearningRate must be finite and at least 0; got NaN" },
        { new DynamicWeightAverageOptions { Temperature = 0 }, "Temperature must be finite and above 0; got 0" },
        { new DynamicTaskPrioritizationOptions { Decay = 1 }, "Decay must be in [0, 1); got 1" },
        { new DynamicTaskPrioritizationOptions { Gamma = double.PositiveInfinity }, "Gamma must be finite and at least 0; got" },
        { new SmoothTchebycheffOptions { Mu = 0 }, "Mu must be finite and above 0; got 0" },
        { new SmoothTchebycheffOptions { Preferences = [1, -1] }, "Preferences must be each from 0 to 1000000; got -1" },
        { new SmoothTchebycheffOptions { Preferences = [0, 0] }, "Preferences must be not all 0; got 0,0" },
        { new SmoothTchebycheffOptions { WarmupEpochs = -1 }, "WarmupEpochs must be at least 0; got -1" },
        { new SmoothTchebycheffOptions { WarmupEpochs = 0, LogRatio = true }, "WarmupEpochs must be at least 1 with log ratios; got 0" },
        { new SmoothTchebycheffOptions { IdealPoint = (IdealPoint)7 }, "IdealPoint must be zero or smallest; got 7" },
        { new FamoOptions { LearningRate = -1 }, "LearningRate must be finite and at least 0; got -1" },
        { new FamoOptions { Gamma = -1 }, "Gamma must be finite and at least 0; got -1" },
        { new FamoOptions { LowerBounds = [0, double.NaN] }, "LowerBounds must be finite; got NaN" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Values_outside_their_range_are_refused(WeightingOptions options, string message) =>
        Assert.StartsWith(message, Assert.Throws<InvalidOptionException>(options.Validate).Message, StringComparison.Ordinal);

    // The options reach the weighting: each differs from the defaults in what its weights are.
    [Fact]
    public void Options_reach_the_weighting()
    {
        double[] Second(WeightingOptions options)
        {
            var use = new WeightingRun(options.CreateWeighting(), 2);
            use.Weigh([0.5, 2], epoch: 0);
            if (use.Weighting.MeasuresAfterStep) use.Weighting.AfterStep([0.4, 2]);
            use.Weigh([0.7, 3], epoch: 1);
            if (use.Weighting.MeasuresAfterStep) use.Weighting.AfterStep([0.6, 3]);
            return use.Weigh([0.6, 1], epoch: 5);
        }

        (WeightingOptions Default, WeightingOptions[] Changed)[] cases =
        [
            (new UncertaintyWeightingOptions(), [new UncertaintyWeightingOptions { LearningRate = 0.5 }]),
            (new ImtlLOptions(), [new ImtlLOptions { LearningRate = 0.5 }]),
            (new DynamicWeightAverageOptions(), [new DynamicWeightAverageOptions { Temperature = 1 }]),
            (new DynamicTaskPrioritizationOptions(), [new DynamicTaskPrioritizationOptions { Decay = 0 }, new DynamicTaskPrioritizationOptions { Gamma = 2 }]),
            (new SmoothTchebycheffOptions(),
            [
                new SmoothTchebycheffOptions { Mu = 2 }, new SmoothTchebycheffOptions { Preferences = [1, 3] },
                new SmoothTchebycheffOptions { IdealPoint = IdealPoint.Smallest, WarmupEpochs = 0 },
                new SmoothTchebycheffOptions { WarmupEpochs = 9 }, new SmoothTchebycheffOptions { LogRatio = true, WarmupEpochs = 1 },
            ]),
            (new FamoOptions(), [new FamoOptions { LearningRate = 0.5 }, new FamoOptions { Gamma = 5 }, new FamoOptions { LowerBounds = [0.1, 0] }]),
        ];
        foreach ((WeightingOptions byDefault, WeightingOptions[] changed) in cases)
            Assert.All(changed, options => Assert.NotEqual(Second(byDefault), Second(options)));
    }
}
