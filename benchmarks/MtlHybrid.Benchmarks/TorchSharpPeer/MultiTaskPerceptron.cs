using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MtlHybrid.Benchmarks.TorchSharpPeer;

/// <summary>The perceptron of the benchmark as a TorchSharp module: a trunk of three hidden layers and linear heads.</summary>
internal sealed class MultiTaskPerceptron : nn.Module<Tensor, Tensor>
{
    private readonly Sequential _trunk;
    private readonly ModuleList<Linear> _heads;

    /// <param name="features">Inputs per row.</param>
    /// <param name="hidden">Width of the hidden layers.</param>
    /// <param name="headWidths">Outputs of each head.</param>
    public MultiTaskPerceptron(int features, int hidden, int[] headWidths)
        : base(nameof(MultiTaskPerceptron))
    {
        _trunk = nn.Sequential(
            nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU());
        _heads = nn.ModuleList([.. headWidths.Select(width => nn.Linear(hidden, width))]);
        register_module("trunk", _trunk);
        register_module("heads", _heads);
    }

    /// <summary>The parameters that all tasks share.</summary>
    public Tensor[] SharedParameters() => [.. _trunk.parameters()];

    /// <summary>The parameters of a head.</summary>
    public Tensor[] HeadParameters(int head) => [.. _heads[head].parameters()];

    /// <summary>[rows, hidden].</summary>
    public Tensor Trunk(Tensor inputs) => _trunk.forward(inputs);

    /// <summary>The predictions of some heads side by side.</summary>
    public Tensor Heads(Tensor hidden, int[] heads) => cat([.. heads.Select(head => _heads[head].forward(hidden))], 1);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        Tensor hidden = Trunk(input);
        return _heads.Count == 1 ? _heads[0].forward(hidden) : cat([.. _heads.Select(head => head.forward(hidden))], 1);
    }
}
