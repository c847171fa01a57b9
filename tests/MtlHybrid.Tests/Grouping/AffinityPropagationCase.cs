using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Grouping;

namespace MtlHybrid.Tests.Grouping;

/// <summary>One matrix of affinity-propagation-cases.json with scikit-learn's answers; see the script that made it.</summary>
internal sealed record AffinityPropagationCase(string Kind, int K, ulong Seed, AffinityPropagationOptions Options, double Sum,
    IReadOnlyList<AffinityPropagationResult> Answers)
{
    public static IReadOnlyList<AffinityPropagationCase> All { get; } =
        [.. ExpectedValues.Read("affinity-propagation-cases.json").GetProperty("cases").EnumerateArray().Select(Read)];

    private static AffinityPropagationCase Read(JsonElement json)
    {
        JsonElement options = json.GetProperty("options");
        double? Option(string name) => options.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : null;
        return new AffinityPropagationCase(json.GetProperty("kind").GetString()!, json.GetProperty("k").GetInt32(),
            json.GetProperty("seed").GetUInt64(),
            new AffinityPropagationOptions
            {
                Preference = Option("preference"),
                Damping = Option("damping") ?? 0.5,
                MaxIterations = (int)(Option("max_iter") ?? 200),
                ConvergenceIterations = (int)(Option("convergence_iter") ?? 50),
            },
            json.GetProperty("sum").GetDouble(),
            [.. json.GetProperty("answers").EnumerateArray().Select(answer => new AffinityPropagationResult(
                answer[0].GetString() is { } groups ? TaskGroups.Parse(groups) : null, answer[1].GetBoolean(), answer[2].GetInt32()))]);
    }

    /// <summary>The matrix, drawn and formed as in the script.</summary>
    public Matrix<double> Matrix()
    {
        var random = new ScikitLearnNoise(Seed);
        double[,] uniform = new double[K, K];
        for (int i = 0; i < K; i++)
            for (int j = 0; j < K; j++)
                uniform[i, j] = random.NextUniform();
        double Same(int i, int j) => i % 3 == j % 3 ? 1 : 0;
        double Squared(double x) => x * x;
        return Matrix<double>.Build.Dense(K, K, (i, j) =>
        {
            double u = uniform[i, j];
            return Kind switch
            {
                "uniform" => u,
                "negative" => -u - 0.5,
                "signed" => u * 2 - 1,
                "symmetric" => (u + uniform[j, i]) / 2,
                "blocks" => Same(i, j) + u,
                "tiny" => (u - 0.5) * 1e-9,
                "huge" => (u - 0.5) * 1e12,
                "points" => -(Squared(uniform[0, i] - uniform[0, j]) + Squared(uniform[K - 1, i] - uniform[K - 1, j])),
                "constant" => 0.3,
                "constant-but-diagonal" => i == j ? u : -0.25,
                "exact-blocks" => Same(i, j),
                "binary" => Math.Floor(u * 2),
                "whole-numbers" => Math.Floor(u * 10) - 5,
                _ => throw new InvalidDataException(Kind),
            };
        });
    }

    public override string ToString() => $"{Kind}, K = {K}, seed {Seed}";
}
