using MtlHybrid.Data;
using MtlHybrid.Modeling;
using MtlHybrid.Speed;
using Xunit;

namespace MtlHybrid.Tests.Speed;

public sealed class StepFlopsTests
{
    private static readonly int[][] Together = [[0, 1, 2, 3, 4, 5, 6]];
    private static readonly int[][] Groups = [[0, 1, 2], [3, 4], [5, 6]];

    [Fact]
    public void A_joint_step_counts_forward_and_both_backward_products_but_no_gradient_of_the_inputs()
    {
        // First layer twice (forward, weights), the others three times.
        long expected = 2L * 64 * (2 * (21 * 128) + 3 * (128 * 128 + 128 * 128 + 7 * 128));

        Assert.Equal(expected, StepFlops.Of(Graph([]), 64, Together));
        Assert.Equal(13_615_104, expected);
    }

    [Fact]
    public void Each_group_pays_for_all_forwards_and_the_trunk_and_its_own_heads_backward()
    {
        long trunkFirst = 21 * 128, trunk = 2 * 128 * 128, heads = 7 * 128;
        long expected = 2L * 64 * (3 * (trunkFirst + trunk + heads) + 3 * (trunkFirst + 2 * trunk) + 2 * heads);

        Assert.Equal(expected, StepFlops.Of(Graph([]), 64, Groups));
    }

    [Fact]
    public void Hidden_layers_of_heads_belong_to_their_task()
    {
        long trunkFirst = 21 * 128, trunk = 2 * 128 * 128, heads = 7 * (128 * 5 + 5);
        long expected = 2L * 10 * (3 * (trunkFirst + trunk + heads) + 3 * (trunkFirst + 2 * trunk) + 2 * heads);

        Assert.Equal(expected, StepFlops.Of(Graph([5]), 10, Groups));
    }

    private static ModelGraph Graph(int[] headHidden) => SharedTrunkMlp.Build(
        21, [], [.. Enumerable.Range(0, 7).Select(task => new TaskDefinition($"t{task}", TaskKind.Regression, []))], null,
        new MlpOptions { Hidden = [128, 128, 128], HeadHidden = headHidden });
}
