using MtlHybrid.Engine;
using MtlHybrid.Training;
using Xunit;

namespace MtlHybrid.Tests.Training;

/// <summary>The number of threads that is asked for is the number that works, and it does not change the results.</summary>
public sealed class ThreadsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Training_and_a_loaded_model_use_the_threads_asked_for(int threads)
    {
        var device = new DeviceOptions { Threads = threads };
        using TrainingResult result = new Trainer(SmallData.Options() with { Epochs = 1, Device = device }).Train(SmallData.Create());
        Assert.Equal(threads, result.Model.Network.Device.Threads);

        string folder = Directory.CreateTempSubdirectory("mtl-threads-").FullName;
        try
        {
            result.Model.Save(folder);
            using TrainedModel loaded = TrainedModel.Load(folder, device);
            Assert.Equal(threads, loaded.Network.Device.Threads);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("joint")]
    [InlineData("selective")]
    public void Results_agree_whatever_the_number_of_threads(string strategy)
    {
        float[] one = Train(strategy, 1);
        foreach (int threads in new[] { 2, 3 })
        {
            float[] other = Train(strategy, threads);
            double difference = Math.Sqrt(one.Zip(other, (a, b) => (double)(a - b) * (a - b)).Sum());
            double norm = Math.Sqrt(one.Sum(value => (double)value * value));
            Assert.True(difference <= 1e-5 * norm, $"{threads} threads: weights of norm {norm} differ by {difference}");
        }
    }

    // Batches and layers large enough to be cut among threads.
    private static float[] Train(string strategy, int threads)
    {
        TrainingOptions options = SmallData.Options(strategy);
        options = options with
        {
            Steps = 20,
            Epochs = null,
            BatchSize = 64,
            LearningRate = 1e-3,
            Model = options.Model with { Hidden = [128, 128] },
            Device = new DeviceOptions { Threads = threads },
        };
        using TrainingResult result = new Trainer(options).Train(SmallData.Create());
        return SmallData.Weights(result);
    }
}
