using System.Diagnostics;
using System.Globalization;

namespace AgentFunctions.Benchmarks.Caches;

/// <summary>Durations of one kind of operation.</summary>
internal sealed class Samples
{
    private readonly List<double> microseconds = [];

    public double Median => At(0.5);

    public double Mean => microseconds.Average();

    /// <summary>So many operations one after the other, each on its own clock.</summary>
    public static async Task<Samples> TakeAsync(int count, Func<int, ValueTask> operation)
    {
        var samples = new Samples();
        for (var i = 0; i < count / 10; i++) await operation(i);
        for (var i = 0; i < count; i++)
        {
            var from = Stopwatch.GetTimestamp();
            await operation(i);
            samples.microseconds.Add(Stopwatch.GetElapsedTime(from).TotalMicroseconds);
        }

        samples.microseconds.Sort();
        return samples;
    }

    public double At(double quantile) => Bench.Quantile(microseconds, quantile);

    /// <summary>Prints the median and p99, and how many times the median of another that is.</summary>
    public Samples Print(string what, Samples? beside = null)
    {
        Bench.Row(what, Text(Median), $"p99 {Text(At(0.99))}" + (beside is null ? "" : string.Create(CultureInfo.InvariantCulture, $"   {Median / Math.Max(0.001, beside.Median):n1} times the plain one")));
        return this;
    }

    private static string Text(double microseconds) => string.Create(CultureInfo.InvariantCulture, $"{microseconds:n2} µs");
}
