using System.Globalization;
using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Where the inner products of task gradients come from: exact, or an estimate that costs less. The update itself is
/// always made of the gradients of the whole batch; an estimate only decides the weights.</summary>
[JsonConverter(typeof(GradientEstimateConverter))]
public sealed record GradientEstimate
{
    /// <summary>What <see cref="Parse"/> takes, in words.</summary>
    public const string Forms = "exact, representation, subsample:F with F in (0, 1], or every:N with N at least 1";

    /// <summary>How the inner products are obtained.</summary>
    /// <value>Exact by default.</value>
    public GradientEstimateKind Kind { get; init; }

    /// <summary>Share of the batch's rows that <see cref="GradientEstimateKind.Subsample"/> takes.</summary>
    /// <value>In (0, 1]; 0.5 by default.</value>
    public double Share { get; init; } = 0.5;

    /// <summary>Batches from one exact Gram matrix to the next with <see cref="GradientEstimateKind.Interval"/>.</summary>
    /// <value>At least 1; 10 by default.</value>
    public int Interval { get; init; } = 10;

    /// <summary>From words: "exact", "representation", "subsample:0.25" (share of the batch), "every:10" (batches); subsample and
    /// every without a number have their defaults.</summary>
    /// <exception cref="InvalidOptionException">Something else, or a number out of its range.</exception>
    public static GradientEstimate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Trim().ToLowerInvariant().Split(':', 2);
        string? number = parts.ElementAtOrDefault(1);
        return (parts[0], number) switch
        {
            ("exact", null) => new GradientEstimate(),
            ("representation", null) => new GradientEstimate { Kind = GradientEstimateKind.Representation },
            ("subsample", null) => new GradientEstimate { Kind = GradientEstimateKind.Subsample },
            ("subsample", _) when double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is > 0 and <= 1 =>
                new GradientEstimate { Kind = GradientEstimateKind.Subsample, Share = share },
            ("every", null) => new GradientEstimate { Kind = GradientEstimateKind.Interval },
            ("every", _) when int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int interval) && interval >= 1 =>
                new GradientEstimate { Kind = GradientEstimateKind.Interval, Interval = interval },
            _ => throw new InvalidOptionException(nameof(AggregatorOptions.Gradients), Forms, text),
        };
    }

    /// <summary>The words that <see cref="Parse"/> takes.</summary>
    public override string ToString() => Kind switch
    {
        GradientEstimateKind.Representation => "representation",
        GradientEstimateKind.Subsample => $"subsample:{Share.ToString(CultureInfo.InvariantCulture)}",
        GradientEstimateKind.Interval => $"every:{Interval.ToString(CultureInfo.InvariantCulture)}",
        _ => "exact",
    };

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Share is > 0 and <= 1, nameof(Share), "in (0, 1]", Share);
        InvalidOptionException.Require(Interval >= 1, nameof(Interval), "at least 1", Interval);
    }
}
