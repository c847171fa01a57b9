using MtlHybrid.Engine;
using MtlHybrid.Modeling;

namespace MtlHybrid.Tests.Engine;

/// <summary>Three tasks of different kinds on five inputs and one categorical column, with a label missing here and there.</summary>
internal static class SmallProblem
{
    public const int Rows = 40;
    public const int Features = 5;
    public const int Tasks = 3;
    public const int Outputs = 5;
    public const int Categories = 4;

    public static ModelGraph Graph()
    {
        var model = new ModelBuilder(Tasks);
        Tensor dense = model.DenseInput(Features);
        Tensor code = model.Embedding(model.CategoricalInput(1), column: 0, Categories, width: 3, name: "code");
        Tensor x = model.Concatenate(dense, code);
        Tensor hidden = model.Activation(model.LayerNorm(model.Linear(x, 16, name: "trunk.0"), name: "trunk.1"), Activation.Relu);
        Tensor trunk = model.Dropout(model.Add(hidden, model.Activation(model.Linear(hidden, 16, name: "trunk.2"), Activation.Silu)), 0.1);
        model.Output(0, model.Linear(trunk, 1, owner: 0, name: "heads.0"), new LossSpecification { Kind = LossKind.Huber, HuberDelta = 2 });
        model.Output(1, model.Linear(trunk, 1, owner: 1, name: "heads.1"), new LossSpecification { Kind = LossKind.BinaryCrossEntropy });
        model.Output(2, model.Linear(trunk, 3, owner: 2, name: "heads.2"), new LossSpecification
        {
            Kind = LossKind.SoftmaxCrossEntropy,
            ClassWeights = [1, 2, 0.5],
            LabelSmoothing = 0.1,
        });
        return model.Build();
    }

    public static DeviceDataset Data(Device device)
    {
        var random = new Random(7);
        var features = new float[Rows * Features];
        var codes = new int[Rows];
        var labels = new float[Rows * Tasks];
        for (int i = 0; i < features.Length; ++i)
            features[i] = (float)(2 * random.NextDouble() - 1);
        for (int row = 0; row < Rows; ++row)
        {
            codes[row] = random.Next(Categories);
            labels[row * Tasks] = features[row * Features] - features[row * Features + 1];
            labels[row * Tasks + 1] = features[row * Features] > 0 ? 1 : 0;
            labels[row * Tasks + 2] = row % 7 == 0 ? float.NaN : random.Next(3);
        }
        return DeviceDataset.Create(device, Rows, Features, 1, Tasks, features, codes, labels);
    }

    public static Device OpenDevice() => Device.Open(new DeviceOptions { Threads = 1 });

    public static int[] AllRows() => [.. Enumerable.Range(0, Rows)];

    public static float[] Parameters(Network network)
    {
        var values = new float[network.ParameterCount];
        network.Read(NetworkBuffer.Parameters, 0, values);
        return values;
    }
}
