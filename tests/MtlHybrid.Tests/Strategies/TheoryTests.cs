using MtlHybrid.Engine;
using MtlHybrid.Tests.Reference;
using Xunit;

namespace MtlHybrid.Tests.Strategies;

/// <summary>What must be true of proximal affinity and sequential updates for small steps (T1 and T2 of the method).</summary>
public sealed class TheoryTests(ITestOutputHelper output)
{
    private const double SmallStep = 0.01;
    // Effects of second order need a larger step to show in single precision.
    private const double VisibleStep = 0.05;

    // T1: {i, k} helps k at least as much as {j, k} exactly when g_i.g_k >= g_j.g_k.
    [Fact]
    public void Affinity_within_a_group_is_ordered_as_the_gradients_are()
    {
        int seen = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            using var problem = Problem(seed);
            int[] rows = problem.NextBatch();
            float[][] gradients = [.. Enumerable.Range(0, 4).Select(task => SharedGradient(problem, rows, [task]))];
            for (int k = 0; k < 4; k++)
            {
                for (int i = 0; i < 4; i++)
                {
                    for (int j = 0; j < i; j++)
                    {
                        if (i == k || j == k) continue;
                        double difference = Dot(gradients[i], gradients[k]) - Dot(gradients[j], gradients[k]);
                        // Near a tie the second order of the step decides.
                        if (Math.Abs(difference) < 0.1 * Dot(gradients[k], gradients[k])) continue;
                        double withI = Gain(problem, rows, [i, k], k);
                        double withJ = Gain(problem, rows, [j, k], k);
                        Assert.True(withI > withJ == difference > 0, $"seed {seed}: i={i}, j={j}, k={k}: {withI} and {withJ}, gradients differ by {difference}");
                        seen++;
                    }
                }
            }
        }

        Assert.True(seen >= 50, $"only {seen} clear cases");
    }

    // T2: {i, k} then {j} leaves L_k lower than the joint step on {i, j, k} exactly when the first step has reduced the
    // conflict of k with j. Expanding both losses around the point after the first step, the difference is
    // -eta (g_j' - g_j).g_k' up to third order: the joint step goes along the old g_j from there. (The shorter form
    // g_j'.g_k' >= g_j.g_k leaves out that g_k changes too; it agrees often, not always.)
    [Fact]
    public void Updating_in_sequence_wins_exactly_when_the_first_step_reduced_the_conflict()
    {
        int seen = 0;
        int sequenceWins = 0;
        int shortFormAgrees = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            using var problem = Problem(seed);
            int[] rows = problem.NextBatch();
            float[] start = Parameters(problem);
            for (int k = 0; k < 4; k++)
            {
                int i = (k + 1) % 4;
                int j = (k + 2) % 4;
                float[] gj = SharedGradient(problem, rows, [j]);
                double before = Dot(gj, SharedGradient(problem, rows, [k]));
                double joint = LossAfter(problem, rows, k, [i, j, k], VisibleStep);
                Restore(problem, start);
                Step(problem, rows, [i, k], VisibleStep);
                float[] gkAfter = SharedGradient(problem, rows, [k]);
                double after = Dot(SharedGradient(problem, rows, [j]), gkAfter);
                double sequence = LossAfter(problem, rows, k, [j], VisibleStep);
                Restore(problem, start);
                // The difference is of second order in eta: in single precision only clear cases can be told.
                if (Math.Abs(sequence - joint) < 2e-5 * joint) continue;
                Assert.True(sequence < joint == after > Dot(gj, gkAfter), $"seed {seed}, k={k}: loss {sequence} against {joint}, products {after} against {Dot(gj, gkAfter)}");
                seen++;
                if (sequence < joint) sequenceWins++;
                if (sequence < joint == after > before) shortFormAgrees++;
            }
        }

        output.WriteLine($"{seen} clear cases, sequence wins {sequenceWins}; the short form agrees in {shortFormAgrees}");
        Assert.True(seen >= 30 && sequenceWins > 0 && sequenceWins < seen, $"{sequenceWins} of {seen} clear cases: both outcomes must be seen");
    }

    private static ReferenceProblem Problem(int seed)
    {
        var problem = new ReferenceProblem(ReferenceRule.Sgd, missing: false, official: false, 100 + seed);
        problem.Network.ConfigureOptimizer(new OptimizerOptions { Kind = OptimizerKind.Sgd });
        return problem;
    }

    private static double Gain(ReferenceProblem problem, int[] rows, int[] group, int task)
    {
        float[] start = Parameters(problem);
        double before = Loss(problem, rows, task);
        double after = LossAfter(problem, rows, task, group, SmallStep);
        Restore(problem, start);
        return 1 - after / before;
    }

    private static double LossAfter(ReferenceProblem problem, int[] rows, int task, int[] group, double eta)
    {
        Step(problem, rows, group, eta);
        return Loss(problem, rows, task);
    }

    private static void Step(ReferenceProblem problem, int[] rows, int[] group, double eta)
    {
        problem.Network.BeginBatch(problem.Data, rows, 0);
        problem.Network.UpdateGroup(group, new UpdateOptions(eta, eta));
    }

    private static double Loss(ReferenceProblem problem, int[] rows, int task)
    {
        problem.Network.BeginBatch(problem.Data, rows, 0);
        problem.Network.Measure();
        var losses = new double[4];
        problem.Network.ReadLosses(losses);
        return losses[task];
    }

    private static float[] SharedGradient(ReferenceProblem problem, int[] rows, int[] group)
    {
        problem.Network.BeginBatch(problem.Data, rows, 0);
        problem.Network.ComputeGradients(group, GroupReduction.Sum);
        (long offset, long count) = problem.Network.Slice(-1);
        var gradient = new float[count];
        problem.Network.Read(NetworkBuffer.Gradients, offset, gradient);
        return gradient;
    }

    private static float[] Parameters(ReferenceProblem problem)
    {
        var values = new float[problem.Network.ParameterCount];
        problem.Network.Read(NetworkBuffer.Parameters, 0, values);
        return values;
    }

    private static void Restore(ReferenceProblem problem, float[] parameters) => problem.Network.Write(NetworkBuffer.Parameters, 0, parameters);

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
