namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Weights of all K tasks on the simplex, kept over batches in which only some of them take part.</summary>
internal sealed class TaskSimplex
{
    private double[] _weights = []; // [K]

    /// <summary>The weights of the tasks that take part, scaled to a sum of 1.</summary>
    public double[] Take(in AggregationInputs inputs)
    {
        if (_weights.Length == 0)
        {
            _weights = new double[inputs.TaskCount];
            Array.Fill(_weights, 1.0 / inputs.TaskCount);
        }

        double mass = Mass(inputs.Tasks);
        double[] taken = new double[inputs.Tasks.Length];
        for (int row = 0; row < taken.Length; row++)
            taken[row] = mass > 0 ? _weights[inputs.Tasks[row]] / mass : 1.0 / taken.Length;
        return taken;
    }

    /// <summary>Keeps new weights of the tasks that took part; together they have what they had.</summary>
    /// <param name="inputs">As for <see cref="Take"/>.</param>
    /// <param name="weights">[n], sum 1.</param>
    public void Put(in AggregationInputs inputs, ReadOnlySpan<double> weights)
    {
        double mass = Mass(inputs.Tasks);
        for (int row = 0; row < weights.Length; row++) _weights[inputs.Tasks[row]] = weights[row] * mass;
    }

    private double Mass(ReadOnlySpan<int> tasks)
    {
        double mass = 0;
        foreach (int task in tasks) mass += _weights[task];
        return mass;
    }
}
