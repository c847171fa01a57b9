namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Philox4x32-10 (Salmon et al. 2011, Parallel random numbers: as easy as 1, 2, 3): a counter and a key give four random
/// words. The same as philox.h of the core, so that the same place has the same number on every device.</summary>
internal static class Philox4x32
{
    /// <summary>The four words of a counter of four words.</summary>
    /// <param name="c0">Counter, word 0.</param>
    /// <param name="c1">Counter, word 1.</param>
    /// <param name="c2">Counter, word 2.</param>
    /// <param name="c3">Counter, word 3.</param>
    /// <param name="seed">The key, its low half first.</param>
    public static (uint Word0, uint Word1, uint Word2, uint Word3) Words(uint c0, uint c1, uint c2, uint c3, ulong seed)
    {
        unchecked
        {
            uint key0 = (uint)seed;
            uint key1 = (uint)(seed >> 32);
            for (int round = 0; round < 10; round++)
            {
                ulong p0 = 0xD2511F53UL * c0;
                ulong p1 = 0xCD9E8D57UL * c2;
                c0 = (uint)(p1 >> 32) ^ c1 ^ key0;
                c1 = (uint)p1;
                c2 = (uint)(p0 >> 32) ^ c3 ^ key1;
                c3 = (uint)p0;
                key0 += 0x9E3779B9;
                key1 += 0xBB67AE85;
            }

            return (c0, c1, c2, c3);
        }
    }
}
