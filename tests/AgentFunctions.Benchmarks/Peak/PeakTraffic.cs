using AgentFunctions.Core.Durable;

namespace AgentFunctions.Benchmarks.Peak;

/// <summary>A run that is asked for.</summary>
/// <param name="At">When, from the beginning of the peak.</param>
/// <param name="Lane">Who waits for it.</param>
/// <param name="Number">Its number within its lane.</param>
internal sealed record PeakStart(TimeSpan At, RunPriority Lane, int Number)
{
    /// <summary>Its instance ID, by which its lane is known where none is told to the host.</summary>
    public string InstanceId => $"{Lane.ToString().ToLowerInvariant()}-{Number}";
}

/// <summary>Who comes at the peak: Poisson arrivals in each lane, in shares of what the provider allows. What people wait for is always less than that.</summary>
internal static class PeakTraffic
{
    /// <summary>What the provider allows: 20 calls a second.</summary>
    public const int CallsPerMinute = 1200;

    /// <summary>The result of an interactive run is of use for so long.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    /// <summary>How long the peak lasts.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    // Shares of all that comes; at three times the peak load interactive is 0.6 of what the provider allows.
    private static readonly (RunPriority Lane, double Share)[] Mix = [(RunPriority.Interactive, 0.2), (RunPriority.Workflow, 0.3), (RunPriority.Background, 0.5)];

    /// <summary>All that come, in the order of their times.</summary>
    /// <param name="times">How many times what the provider allows.</param>
    /// <param name="seed">What they are drawn from.</param>
    public static IReadOnlyList<PeakStart> Draw(double times, int seed)
    {
        var random = new Random(seed);
        var starts = new List<PeakStart>();
        foreach (var (lane, share) in Mix)
        {
            var perSecond = CallsPerMinute / 60.0 * times * share;
            var number = 0;
            for (var at = Next(); at < Length.TotalSeconds; at += Next()) starts.Add(new PeakStart(TimeSpan.FromSeconds(at), lane, ++number));

            double Next() => -Math.Log(1 - random.NextDouble()) / perSecond;
        }

        return [.. starts.OrderBy(start => start.At)];
    }
}
