namespace MtlHybrid.Data;

/// <summary>How rows are split into training, validation and test parts.</summary>
public sealed record SplitOptions
{
    /// <summary>How rows are dealt.</summary>
    /// <value>Random by default.</value>
    public SplitMethod Method { get; init; } = SplitMethod.Random;

    /// <summary>The column whose values are the groups.</summary>
    /// <value>Needed by, and only by, <see cref="SplitMethod.Group"/>. Any column of the file, ignored ones too.</value>
    public string? GroupColumn { get; init; }

    /// <summary>Share of all rows to validate on.</summary>
    /// <value>In [0, 1); 0.2 by default.</value>
    public double ValidationFraction { get; init; } = 0.2;

    /// <summary>Share of all rows to test on; k-fold splits test on one fold instead.</summary>
    /// <value>In [0, 1), with <see cref="ValidationFraction"/> below 1; 0.2 by default.</value>
    public double TestFraction { get; init; } = 0.2;

    /// <summary>Reads "random", "stratified", "group:COLUMN" or "order"; fractions stay at their defaults.</summary>
    /// <exception cref="InvalidOptionException">The text is none of these.</exception>
    public static SplitOptions Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string Group = "group:";
        if (text.StartsWith(Group, StringComparison.OrdinalIgnoreCase) && text.Length > Group.Length)
            return new SplitOptions { Method = SplitMethod.Group, GroupColumn = text[Group.Length..] };
        return text.ToUpperInvariant() switch
        {
            "RANDOM" => new SplitOptions(),
            "STRATIFIED" => new SplitOptions { Method = SplitMethod.Stratified },
            "ORDER" => new SplitOptions { Method = SplitMethod.Order },
            _ => throw new InvalidOptionException("Split", "random, stratified, group:COLUMN or order", Quoted.Text(text)),
        };
    }

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the option.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Enum.IsDefined(Method), nameof(Method), "a known method", Method);
        bool groups = Method == SplitMethod.Group;
        InvalidOptionException.Require(!groups || !string.IsNullOrEmpty(GroupColumn), nameof(GroupColumn), "a column for the method Group", GroupColumn);
        InvalidOptionException.Require(groups || GroupColumn is null, nameof(GroupColumn), $"empty for the method {Method}", GroupColumn);
        InvalidOptionException.Require(ValidationFraction is >= 0 and < 1, nameof(ValidationFraction), "in [0, 1)", ValidationFraction);
        InvalidOptionException.Require(TestFraction is >= 0 and < 1, nameof(TestFraction), "in [0, 1)", TestFraction);
        InvalidOptionException.Require(ValidationFraction + TestFraction < 1, nameof(TestFraction),
            "below 1 together with ValidationFraction", $"{ValidationFraction} + {TestFraction}");
    }
}
