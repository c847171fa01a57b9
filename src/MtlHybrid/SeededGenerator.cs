namespace MtlHybrid;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014), keyed by seed and draw. The framework's own generator promises no sequence
/// across its versions; splits and groups of a saved run must come out the same in later ones.
/// </summary>
internal struct SeededGenerator
{
    private ulong _state;

    // Mixed, not added: neighbouring seeds and draws must not share one sequence at an offset.
    public SeededGenerator(ulong seed, long draw) => _state = Mix(seed) ^ Mix(unchecked((ulong)draw + 0x632BE59BD9B4E019UL));

    /// <summary>Puts the values into a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle(Span<int> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>Uniform in [0, bound); the bound is above 0.</summary>
    public int Below(int bound) => (int)(NextUniform() * bound);

    /// <summary>Standard normal (Box and Muller 1958, one of the two).</summary>
    public double NextNormal()
    {
        // 1 - u is above 0.
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextUniform()));
        return radius * Math.Cos(2 * Math.PI * NextUniform());
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        _state = unchecked(_state + 0x9E3779B97F4A7C15UL);
        return Mix(_state);
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
