using System.Buffers;
using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Data;
using MtlHybrid.Interchange;

namespace MtlHybrid.Affinity;

/// <summary>How much an update of one task helped another: row = source task, column = target task. Immutable by
/// convention: <see cref="Values"/> is a copy of what was given.</summary>
public sealed class AffinityMatrix
{
    // Every delimiter that reading may find in the first line, and what quotes are for.
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",;|\t\"\r\n");

    private readonly long[,]? _observations;

    /// <summary>A matrix with names and counts.</summary>
    /// <param name="values">[K, K], K at least 1, finite.</param>
    /// <param name="taskNames">K names, all different; null: "0" ... "K-1".</param>
    /// <param name="observations">[K, K], at least 0: how many measurements each value rests on; null: not known.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit, values that are not finite, names that repeat.</exception>
    public AffinityMatrix(Matrix<double> values, IReadOnlyList<string>? taskNames = null, long[,]? observations = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        int tasks = values.RowCount;
        if (values.ColumnCount != tasks)
            throw new ArgumentException($"an affinity matrix must be square; got {tasks} x {values.ColumnCount}", nameof(values));
        for (int source = 0; source < tasks; source++)
            for (int target = 0; target < tasks; target++)
                if (!double.IsFinite(values[source, target]))
                    throw new ArgumentException($"affinity must be finite; entry ({source}, {target}) is {values[source, target]}", nameof(values));
        if (taskNames is not null && (taskNames.Count != tasks || taskNames.Distinct().Count() != tasks))
            throw new ArgumentException($"expected {tasks} different task names, got {string.Join(", ", taskNames)}", nameof(taskNames));
        if (observations is not null && (observations.GetLength(0) != tasks || observations.GetLength(1) != tasks))
            throw new ArgumentException($"expected {tasks} x {tasks} observation counts, got {observations.GetLength(0)} x "
                + $"{observations.GetLength(1)}", nameof(observations));
        Values = values.Clone();
        TaskNames = taskNames is null
            ? [.. Enumerable.Range(0, tasks).Select(task => task.ToString(CultureInfo.InvariantCulture))]
            : [.. taskNames];
        _observations = (long[,]?)observations?.Clone();
    }

    /// <summary>A matrix from flat arrays, as <see cref="Engine.Network.ReadAffinity"/> fills them.</summary>
    /// <param name="values">[K, K] row-major.</param>
    /// <param name="observations">[K, K] row-major; empty: not known.</param>
    /// <param name="taskNames">K names.</param>
    public static AffinityMatrix FromRowMajor(ReadOnlySpan<double> values, ReadOnlySpan<long> observations, IReadOnlyList<string> taskNames)
    {
        ArgumentNullException.ThrowIfNull(taskNames);
        int tasks = taskNames.Count;
        if (values.Length != tasks * tasks || (!observations.IsEmpty && observations.Length != values.Length))
            throw new ArgumentException($"expected {tasks} x {tasks} values and as many counts or none, got {values.Length} and {observations.Length}");
        long[,]? counts = observations.IsEmpty ? null : new long[tasks, tasks];
        for (int i = 0; i < observations.Length; i++)
            counts![i / tasks, i % tasks] = observations[i];
        return new AffinityMatrix(Matrix<double>.Build.DenseOfRowMajor(tasks, tasks, values.ToArray()), taskNames, counts);
    }

    /// <summary>[K, K]; an entry without observations is 0.</summary>
    public Matrix<double> Values { get; }

    /// <summary>Names of the tasks, in the order of rows and columns.</summary>
    public IReadOnlyList<string> TaskNames { get; }

    /// <summary>Number of tasks, K.</summary>
    public int Tasks => Values.RowCount;

    /// <summary>Whether it is known how many measurements the values rest on.</summary>
    public bool HasObservations => _observations is not null;

    /// <summary>Measurements that one value rests on; null: not known.</summary>
    public long? Observations(int source, int target) => _observations?[source, target];

    /// <summary>Reads a matrix from a CSV file: K lines of K numbers, with or without a line of task names above and a column of
    /// task names at the left.</summary>
    /// <param name="path">A CSV file, plain or gzip.</param>
    /// <exception cref="DataException">No such file, or no such matrix; names file, line and column.</exception>
    public static AffinityMatrix ReadCsv(string path) => AffinityCsvReader.Read(path);

    /// <summary>Writes the matrix as a CSV file that <see cref="ReadCsv"/> reads back to the last bit; either whole or not at
    /// all.</summary>
    /// <param name="path">An existing file is replaced.</param>
    /// <param name="withNames">With task names above (targets) and at the left (sources); otherwise the numbers alone.</param>
    public void WriteCsv(string path, bool withNames = true) => AtomicFile.WriteText(path, writer =>
    {
        if (withNames) writer.WriteLine($"source,{string.Join(',', TaskNames.Select(Quote))}");
        for (int source = 0; source < Tasks; source++)
        {
            if (withNames) writer.Write($"{Quote(TaskNames[source])},");
            writer.WriteLine(string.Join(',', Values.Row(source).Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
        }
    });

    private static string Quote(string name) =>
        name.AsSpan().IndexOfAny(NeedQuotes) < 0 ? name : $"\"{name.Replace("\"", "\"\"")}\"";
}
