// Trains two tasks with the package alone and fails unless both losses fall to a tenth.
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Modeling;

const int rows = 256, features = 4, tasks = 2;
var random = new Random(1);
float[] inputs = [.. Enumerable.Range(0, rows * features).Select(_ => 2 * random.NextSingle() - 1)];
float[] labels = [.. Enumerable.Range(0, rows * tasks).Select(i => inputs[i / tasks * features + i % tasks] - inputs[i / tasks * features + 2])];

using Device device = Device.Open();
using DeviceDataset data = DeviceDataset.Create(device, rows, features, 0, tasks, inputs, [], labels);
TaskDefinition[] definitions = [new("first", TaskKind.Regression, []), new("second", TaskKind.Regression, [])];
ModelGraph graph = SharedTrunkMlp.Build(features, [], definitions, null, new MlpOptions { Hidden = [16] });
using Network network = Network.Compile(device, graph, rows, seed: 1);

int[] all = [.. Enumerable.Range(0, rows)];
double[] before = new double[tasks], after = new double[tasks];
for (int batch = 0; batch < 300; batch++)
{
    network.BeginBatch(data, all, (ulong)batch);
    network.UpdateGroup([0], new UpdateOptions(1e-2, 1e-2));
    if (batch == 0) network.ReadLosses(before);
    network.UpdateGroup([1], new UpdateOptions(1e-2, 1e-2));
}

network.ReadLosses(after);
Console.WriteLine($"{Device.BuildInfo}, loaded from {Device.NativeLibraryPath}");
Console.WriteLine($"losses before: {string.Join(", ", before)}; after: {string.Join(", ", after)}");
for (int task = 0; task < tasks; task++)
{
    if (!(after[task] < 0.1 * before[task])) return 1;
}

return 0;
