namespace MtlHybrid.Data;

/// <summary>Iterative stratification (Sechidis, Tsoumakas, Vlahavas: On the stratification of multi-label data, 2011), with parts
/// of exact size: the rows of the rarest stratum are dealt first, each to the part that still lacks most of that stratum.</summary>
internal sealed class StratifiedDivision
{
    private readonly int[][] _strata;
    private readonly int[] _room;
    private readonly double[][] _wanted;
    private readonly int[] _left;
    private readonly List<int>[] _parts;

    private StratifiedDivision(int[][] strata, int[] rows, int[] sizes, bool firstTrains)
    {
        _strata = strata;
        _room = [.. sizes];
        _parts = [.. sizes.Select(_ => new List<int>())];
        int count = rows.SelectMany(row => strata[row]).DefaultIfEmpty(-1).Max() + 1;
        _left = new int[count];
        foreach (int row in rows)
            foreach (int stratum in strata[row]) _left[stratum]++;
        // The part to learn from is never to go without a stratum that has rows.
        _wanted = [.. sizes.Select((size, part) => Array.ConvertAll(_left,
            left => firstTrains && part == 0 && left > 0 ? Math.Max(1, (double)left * size / rows.Length) : (double)left * size / rows.Length))];
    }

    /// <param name="strata">Per row of the table the indices of its strata.</param>
    /// <param name="rows">The rows to deal.</param>
    /// <param name="sizes">Rows per part; adds up to the number of rows.</param>
    /// <param name="firstTrains">The first part is the one to learn from, and gets the first row of every stratum.</param>
    /// <param name="random">Decides between rows and parts that are equally good.</param>
    public static int[][] Divide(int[][] strata, int[] rows, int[] sizes, bool firstTrains, ref SeededGenerator random)
    {
        StratifiedDivision division = new(strata, rows, sizes, firstTrains);
        division.Deal(rows, ref random);
        return [.. division._parts.Select(part => part.ToArray())];
    }

    private void Deal(int[] rows, ref SeededGenerator random)
    {
        int[] shuffled = [.. rows];
        random.Shuffle(shuffled);
        List<int>[] members = [.. _left.Select(_ => new List<int>())];
        foreach (int row in shuffled)
            foreach (int stratum in _strata[row]) members[stratum].Add(row);

        bool[] dealt = new bool[_strata.Length];
        for (int stratum; (stratum = Rarest()) >= 0;)
        {
            foreach (int row in members[stratum])
                if (!dealt[row]) dealt[row] = Give(row, NeediestPart(stratum, ref random));
        }
        foreach (int row in shuffled)
            if (!dealt[row]) Give(row, Roomiest());
    }

    private int Rarest()
    {
        int rarest = -1;
        for (int s = 0; s < _left.Length; s++)
            if (_left[s] > 0 && (rarest < 0 || _left[s] < _left[rarest])) rarest = s;
        return rarest;
    }

    private int NeediestPart(int stratum, ref SeededGenerator random)
    {
        int best = -1, ties = 1;
        for (int part = 0; part < _room.Length; part++)
        {
            if (_room[part] == 0) continue;
            int order = best < 0 ? 1 : _wanted[part][stratum].CompareTo(_wanted[best][stratum]);
            if (order == 0) order = _room[part].CompareTo(_room[best]);
            if (order < 0) continue;
            ties = order > 0 ? 1 : ties + 1;
            if (order > 0 || random.Below(ties) == 0) best = part;
        }
        return best;
    }

    private int Roomiest()
    {
        int best = 0;
        for (int part = 1; part < _room.Length; part++)
            if (_room[part] > _room[best]) best = part;
        return best;
    }

    private bool Give(int row, int part)
    {
        _parts[part].Add(row);
        _room[part]--;
        foreach (int stratum in _strata[row])
        {
            _wanted[part][stratum]--;
            _left[stratum]--;
        }
        return true;
    }
}
