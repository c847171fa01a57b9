using MtlHybrid.Engine;
using MtlHybrid.Speed;
using Xunit;

namespace MtlHybrid.Tests.Speed;

public sealed class SpeedTestTests
{
    [Fact]
    public void It_reports_every_size_and_its_progress()
    {
        var shares = new List<double>();
        var options = new SpeedOptions { Device = new DeviceOptions { Threads = 2 }, TimePerNumber = TimeSpan.FromMilliseconds(1) };

        SpeedReport report = SpeedTest.Run(options, new Recorder(shares));

        Assert.Equal(2, report.Threads);
        Assert.True(report.OneThreadFlopsPerSecond > 0 && report.FlopsPerSecond > 0);
        Assert.Equal(SpeedTest.Sizes, report.Networks.Select(network => (network.Batch, network.Hidden)));
        Assert.All(report.Networks, network => Assert.True(network.Joint.Seconds > 0 && network.Selective.Seconds > 0 && network.OneRowSeconds > 0));
        Assert.Equal(0, shares[0]);
        Assert.Equal(shares.Order(), shares);
        Assert.InRange(shares[^1], 0.8, 1);
    }

    [Fact]
    public void Cancelling_ends_it_before_the_next_number()
    {
        using var source = new CancellationTokenSource();
        var options = new SpeedOptions { TimePerNumber = TimeSpan.FromMilliseconds(1) };

        Assert.Throws<OperationCanceledException>(() => SpeedTest.Run(options, new Canceller(source), source.Token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3601)]
    public void A_time_that_cannot_be_is_refused(double seconds)
    {
        var options = new SpeedOptions { TimePerNumber = TimeSpan.FromSeconds(seconds) };

        Assert.Equal(nameof(SpeedOptions.TimePerNumber), Assert.Throws<InvalidOptionException>(() => SpeedTest.Run(options)).Option);
    }

    [Fact]
    public void A_product_that_cannot_be_is_refused()
    {
        using Device device = Device.Open(new DeviceOptions { Threads = 1 });

        Assert.Contains("n must be at least 1", Assert.Throws<EngineException>(() => device.MeasureMatrixProductRate(4, 0, 4, TimeSpan.Zero)).Message, StringComparison.Ordinal);
        Assert.True(device.MeasureMatrixProductRate(4, 4, 4, TimeSpan.Zero) > 0);
    }

    private sealed class Recorder(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }

    private sealed class Canceller(CancellationTokenSource source) : IProgress<double>
    {
        public void Report(double value)
        {
            if (value > 0.3) source.Cancel();
        }
    }
}
