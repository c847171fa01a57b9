using System.Globalization;
using System.Text;

namespace MtlHybrid.Benchmarks.Paired;

/// <summary>The results as a page and as a table.</summary>
internal static class PairedReport
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Markdown(IReadOnlyList<ShapeResult> results, IReadOnlyList<string> checks, Peer peer, PairedOptions options, int threads)
    {
        var page = new StringBuilder();
        page.AppendLine(Culture, $"- Ours: {threads} threads; {Engine.Device.BuildInfo}");
        page.AppendLine(Culture, $"- Peer: {peer.Description}");
        page.AppendLine(Culture, $"- {options.Rounds} rounds of {options.SecondsPerTiming} s of steps for each number, both sides in turn in every round; medians over the rounds, ratios by round");
        page.AppendLine();
        page.AppendLine("| batch | H | step | ours ms | peer ms | peer / ours | least | most |");
        page.AppendLine("|---:|---:|---|---:|---:|---:|---:|---:|");
        foreach (ShapeResult result in results)
        {
            foreach (StepKind kind in Kinds(result))
            {
                Series? ours = result.Ours.GetValueOrDefault(kind);
                Series? theirs = result.Peer.GetValueOrDefault(kind);
                Series? ratio = theirs?.Over(result.Ours[ShapeResult.OurKind(kind)]);
                page.AppendLine(Culture, $"| {result.Problem.Shape.Batch} | {result.Problem.Shape.Hidden} | {Name(kind)} | {Milliseconds(ours)} | {Milliseconds(theirs)} | {Fixed(ratio?.Median, 2)} | {Fixed(ratio?.Least, 2)} | {Fixed(ratio?.Most, 2)} |");
            }
        }

        page.AppendLine();
        page.AppendLine("Joint with one head of 7 is compared with our joint step. Task gradients: ours is UPGrad on the exact Gram matrix; the peer's");
        page.AppendLine("7 backward passes keep the gradients of the trunk apart, and add them up without any choice of weights. 7 backward passes: the");
        page.AppendLine("peer adds them up at once; compared with our step on task gradients.");
        page.AppendLine();
        page.AppendLine("| batch | H | ours: selective / joint | peer: selective / joint | matrix products GFLOP/s | joint GFLOP/s | joint, of products |");
        page.AppendLine("|---:|---:|---:|---:|---:|---:|---:|");
        foreach (ShapeResult result in results)
        {
            double joint = result.Problem.JointFlops / result.Ours[StepKind.Joint].Median;
            page.AppendLine(Culture, $"| {result.Problem.Shape.Batch} | {result.Problem.Shape.Hidden} | {Fixed(SelectiveOverJoint(result.Ours), 2)} | {Fixed(SelectiveOverJoint(result.Peer), 2)} | {Fixed(result.ProductRate.Median / 1e9, 1)} | {Fixed(joint / 1e9, 1)} | {Fixed(100 * result.JointShare, 0)} % |");
        }

        if (checks.Count > 0) page.AppendLine().AppendLine("Checked before timing (and the loss of each task after 5 steps, to 1e-4):").AppendLine();
        foreach (string check in checks) page.AppendLine(Culture, $"- {check}");
        return page.ToString();
    }

    public static string Csv(IReadOnlyList<ShapeResult> results)
    {
        var table = new StringBuilder();
        table.AppendLine("batch,hidden,step,ours_ms,peer_ms,peer_over_ours,peer_over_ours_least,peer_over_ours_most,ours_selective_over_joint,matrix_product_gflops,joint_share_of_products");
        foreach (ShapeResult result in results)
        {
            foreach (StepKind kind in Kinds(result))
            {
                Series? theirs = result.Peer.GetValueOrDefault(kind);
                Series? ratio = theirs?.Over(result.Ours[ShapeResult.OurKind(kind)]);
                double?[] numbers =
                [
                    result.Ours.GetValueOrDefault(kind)?.Median * 1e3,
                    theirs?.Median * 1e3,
                    ratio?.Median,
                    ratio?.Least,
                    ratio?.Most,
                    SelectiveOverJoint(result.Ours),
                    result.ProductRate.Median / 1e9,
                    result.JointShare,
                ];
                string cells = string.Join(',', numbers.Select(number => number?.ToString("G5", Culture) ?? ""));
                table.AppendLine(Culture, $"{result.Problem.Shape.Batch},{result.Problem.Shape.Hidden},{Name(kind)},{cells}");
            }
        }

        return table.ToString();
    }

    private static IEnumerable<StepKind> Kinds(ShapeResult result) => result.Ours.Keys.Union(result.Peer.Keys).Order();

    private static double? SelectiveOverJoint(IReadOnlyDictionary<StepKind, Series> side) =>
        side.Count == 0 ? null : side[StepKind.Selective].Over(side[StepKind.Joint]).Median;

    private static string Name(StepKind kind) => kind switch
    {
        StepKind.Joint => "joint",
        StepKind.Selective => "selective (3 groups)",
        StepKind.JointOneHead => "joint with one head of 7",
        StepKind.SeparateBackward => "7 backward passes",
        StepKind.TaskGradients => "task gradients",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of step"),
    };

    private static string Milliseconds(Series? seconds) => Fixed(seconds?.Median * 1e3, 3);

    private static string Fixed(double? value, int digits) => value?.ToString($"F{digits}", Culture) ?? "-";
}
