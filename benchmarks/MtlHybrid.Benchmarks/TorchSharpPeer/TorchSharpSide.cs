using MtlHybrid.Benchmarks.Paired;
using MtlHybrid.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MtlHybrid.Benchmarks.TorchSharpPeer;

/// <summary>The same steps with TorchSharp's modules, autograd and Adam.</summary>
internal sealed class TorchSharpSide : ITrainingSide
{
    // The tasks outside each group.
    private static readonly int[][] Others = [.. StepProblem.Groups.Select(group => StepProblem.Everyone.Except(group).ToArray())];

    private readonly StepKind _kind;
    private readonly int _batchRows;
    private readonly Tensor _inputs;
    private readonly Tensor _labels;
    private readonly Tensor _order;
    private readonly Tensor[] _groupColumns;
    private readonly Tensor[] _otherColumns;
    private readonly MultiTaskPerceptron _model;
    private readonly Tensor[] _shared;
    private readonly Tensor[][] _heads;
    private readonly optim.Optimizer _optimizer;
    private long _batch;

    public TorchSharpSide(StepProblem problem, IReadOnlyList<(ParameterTensor Where, float[] Values)> parameters, StepKind kind)
    {
        _kind = kind;
        _batchRows = problem.Shape.Batch;
        _inputs = tensor(problem.Inputs, StepProblem.Rows, StepNetwork.Features);
        _labels = tensor(problem.Labels, StepProblem.Rows, StepProblem.Tasks);
        _order = tensor(problem.Order.Select(row => (long)row).ToArray());
        _groupColumns = [.. StepProblem.Groups.Select(Columns)];
        _otherColumns = [.. Others.Select(Columns)];
        int[] headWidths = kind == StepKind.JointOneHead ? [StepProblem.Tasks] : [.. StepProblem.Everyone.Select(_ => 1)];
        _model = new MultiTaskPerceptron(StepNetwork.Features, problem.Shape.Hidden, headWidths);
        CopyParameters(parameters);
        _shared = _model.SharedParameters();
        _heads = [.. headWidths.Select((_, head) => _model.HeadParameters(head))];
        _optimizer = optim.Adam(
            _model.parameters(), StepProblem.LearningRate, StepProblem.Beta1, StepProblem.Beta2, StepProblem.Epsilon);
    }

    public void Step()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor inputs, Tensor labels) = NextBatch();
        switch (_kind)
        {
            case StepKind.Selective:
                StepGroups(inputs, labels);
                break;
            case StepKind.SeparateBackward:
                StepSeparately(inputs, labels);
                break;
            case StepKind.TaskGradients:
                StepCollected(inputs, labels);
                break;
            default:
                _model.zero_grad();
                Losses(_model.forward(inputs), labels).sum().backward();
                _optimizer.step();
                break;
        }

        ++_batch;
    }

    public double[] NextLosses()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        (Tensor inputs, Tensor labels) = NextBatch();
        return [.. Losses(_model.forward(inputs), labels).data<float>().Select(loss => (double)loss)];
    }

    public double[] NextGram()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor inputs, Tensor labels) = NextBatch();
        Tensor[] rows = [.. Collect(inputs, labels).Select(gradients => cat([.. gradients.Shared.Select(gradient => gradient.flatten())]))];
        Tensor gradients = stack(rows).to(ScalarType.Float64);
        return gradients.matmul(gradients.t()).data<double>().ToArray();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _model.Dispose();
        foreach (Tensor tensor in (Tensor[])[_inputs, _labels, _order, .. _groupColumns, .. _otherColumns])
            tensor.Dispose();
    }

    private static Tensor Columns(int[] tasks) => tensor(tasks.Select(task => (long)task).ToArray());

    // The mean square error of each column.
    private static Tensor Losses(Tensor predictions, Tensor labels) => (predictions - labels).square().mean([0L]);

    private (Tensor Inputs, Tensor Labels) NextBatch()
    {
        Tensor rows = _order.narrow(0, _batch * _batchRows % StepProblem.Rows, _batchRows);
        return (_inputs.index_select(0, rows), _labels.index_select(0, rows));
    }

    private void StepGroups(Tensor inputs, Tensor labels)
    {
        var measured = new List<Tensor>();
        for (int group = 0; group < StepProblem.Groups.Length; ++group)
        {
            // The module's zero_grad sets to null: heads outside the group then have no gradient, and Adam passes them over.
            // The optimizer's writes zeros; Adam would go on moving those heads by their first moment.
            _model.zero_grad();
            Tensor hidden = _model.Trunk(inputs);
            Tensor losses = Losses(_model.Heads(hidden, StepProblem.Groups[group]), labels.index_select(1, _groupColumns[group]));
            using (no_grad())
            {
                measured.Add(losses.detach());
                measured.Add(Losses(_model.Heads(hidden, Others[group]), labels.index_select(1, _otherColumns[group])));
            }

            losses.sum().backward();
            _optimizer.step();
        }

        float[] all = cat([.. measured]).data<float>().ToArray();
        if (all.Length != StepProblem.Groups.Length * StepProblem.Tasks)
            throw new InvalidOperationException($"{all.Length} losses were measured");
    }

    private void StepSeparately(Tensor inputs, Tensor labels)
    {
        _model.zero_grad();
        Tensor losses = Losses(_model.forward(inputs), labels);
        for (int task = 0; task < StepProblem.Tasks; ++task)
            losses[task].backward(retain_graph: task + 1 < StepProblem.Tasks);
        _optimizer.step();
    }

    private void StepCollected(Tensor inputs, Tensor labels)
    {
        (Tensor[] Shared, Tensor[] Head)[] tasks = Collect(inputs, labels);
        for (int i = 0; i < _shared.Length; ++i)
            _shared[i].grad = stack([.. tasks.Select(task => task.Shared[i])]).sum([0L]);
        for (int task = 0; task < tasks.Length; ++task)
        {
            for (int i = 0; i < tasks[task].Head.Length; ++i) _heads[task][i].grad = tasks[task].Head[i];
        }

        _optimizer.step();
    }

    // Each task's gradients, of the trunk and of its own head.
    private (Tensor[] Shared, Tensor[] Head)[] Collect(Tensor inputs, Tensor labels)
    {
        Tensor losses = Losses(_model.forward(inputs), labels);
        var tasks = new (Tensor[], Tensor[])[StepProblem.Tasks];
        for (int task = 0; task < tasks.Length; ++task)
        {
            Tensor[] gradients = [.. autograd.grad(
                [losses[task]], [.. _shared, .. _heads[task]], retain_graph: task + 1 < tasks.Length)];
            tasks[task] = (gradients[.._shared.Length], gradients[_shared.Length..]);
        }

        return tasks;
    }

    // Both sides list the trunk's layers, then the heads, each weight [out, in] before its bias.
    private void CopyParameters(IReadOnlyList<(ParameterTensor Where, float[] Values)> source)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        List<Tensor> tensors =
        [
            .. source.Select(p => p.Where.Role == ParameterRole.Bias
                ? tensor(p.Values)
                : tensor(p.Values, p.Where.Rows, p.Where.Columns)),
        ];
        if (_kind == StepKind.JointOneHead)
        {
            int trunk = source.Count(p => p.Where.Owner < 0);
            Tensor weight = cat([.. tensors.Skip(trunk).Where(t => t.dim() == 2)], 0);
            Tensor bias = cat([.. tensors.Skip(trunk).Where(t => t.dim() == 1)], 0);
            tensors = [.. tensors.Take(trunk), weight, bias];
        }

        Tensor[] targets = [.. _model.parameters()];
        if (targets.Length != tensors.Count)
            throw new InvalidOperationException($"{tensors.Count} parameter tensors for {targets.Length} of TorchSharp");
        for (int i = 0; i < targets.Length; ++i)
        {
            if (!targets[i].shape.SequenceEqual(tensors[i].shape))
                throw new InvalidOperationException($"parameter tensor {i}: [{string.Join(", ", tensors[i].shape)}] for [{string.Join(", ", targets[i].shape)}]");
            targets[i].copy_(tensors[i]);
        }
    }
}
