namespace MtlHybrid.Grouping;

/// <summary>
/// Standard normals as numpy's <c>RandomState(seed).standard_normal</c> draws them (MT19937 of Matsumoto and Nishimura 1998,
/// polar method), which is what scikit-learn breaks ties with. With the same seed the groups are the same even where only the
/// noise decides: among symmetric similarities two members of a cluster always tie for its centre.
/// </summary>
internal sealed class ScikitLearnNoise
{
    private readonly uint[] _state = new uint[624];
    private int _used = 624;
    private double? _spare;

    /// <param name="seed">Seeds below 2^32 are numpy's; of larger ones both halves are used.</param>
    public ScikitLearnNoise(ulong seed)
    {
        _state[0] = (uint)seed ^ (uint)(seed >> 32);
        for (uint i = 1; i < _state.Length; i++)
            _state[i] = unchecked(1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30)) + i);
    }

    public double Next()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }

        double x, y, square;
        do
        {
            x = 2 * NextUniform() - 1;
            y = 2 * NextUniform() - 1;
            square = x * x + y * y;
        }
        while (square >= 1 || square == 0);

        double scale = Math.Sqrt(-2 * Math.Log(square) / square);
        _spare = x * scale;
        return y * scale;
    }

    /// <summary>Uniform in [0, 1) from 27 and 26 bits.</summary>
    internal double NextUniform()
    {
        uint high = NextBits() >> 5, low = NextBits() >> 6;
        return (high * 67108864.0 + low) / 9007199254740992.0;
    }

    private uint NextBits()
    {
        if (_used == _state.Length)
        {
            for (int i = 0; i < _state.Length; i++)
            {
                uint joined = (_state[i] & 0x80000000) | (_state[(i + 1) % _state.Length] & 0x7fffffff);
                _state[i] = _state[(i + 397) % _state.Length] ^ (joined >> 1) ^ ((joined & 1) * 0x9908b0df);
            }

            _used = 0;
        }

        uint bits = _state[_used++];
        bits ^= bits >> 11;
        bits ^= (bits << 7) & 0x9d2c5680;
        bits ^= (bits << 15) & 0xefc60000;
        return bits ^ (bits >> 18);
    }
}
