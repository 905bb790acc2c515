namespace AgentFunctions.Core.Load;

/// <summary>Run and wait times of the last 512 activities. Not safe for several threads.</summary>
internal sealed class RecentTimes
{
    private const int Remembered = 512;

    // What was waited an hour ago says nothing of now; an idle worker would look slow for ever.
    private static readonly TimeSpan WaitsCount = TimeSpan.FromMinutes(1);

    // A sort of 512 numbers is not for each request.
    private static readonly TimeSpan ComputedEvery = TimeSpan.FromMilliseconds(100);
    private readonly (TimeSpan At, TimeSpan Ran, TimeSpan? Waited)[] times = new (TimeSpan, TimeSpan, TimeSpan?)[Remembered];
    private int count;
    private int next;
    private TimeSpan ran;
    private TimeSpan computedAt = TimeSpan.MinValue;
    private RecentTimesSummary computed = new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>An activity ended.</summary>
    /// <param name="now">When, on a clock that never goes back.</param>
    /// <param name="runTime">How long it ran.</param>
    /// <param name="waitTime">How long it waited before; null where that is not known.</param>
    public void Note(TimeSpan now, TimeSpan runTime, TimeSpan? waitTime)
    {
        if (count == Remembered) ran -= times[next].Ran;
        else count++;
        times[next] = (now, runTime, waitTime);
        ran += runTime;
        next = (next + 1) % Remembered;
    }

    /// <summary>What they come to; of no more than a tenth of a second ago.</summary>
    /// <param name="now">The time, on the same clock.</param>
    public RecentTimesSummary Read(TimeSpan now)
    {
        if (count == 0 || (computedAt != TimeSpan.MinValue && now - computedAt < ComputedEvery)) return computed;
        computedAt = now;
        var runs = new TimeSpan[count];
        var waits = new List<TimeSpan>(count);
        for (var i = 0; i < count; i++)
        {
            runs[i] = times[i].Ran;
            if (times[i].Waited is { } waited && now - times[i].At <= WaitsCount) waits.Add(waited);
        }

        return computed = new RecentTimesSummary(ran / count, P95(runs), P95(waits.ToArray()));
    }

    /// <summary>The smallest that nineteen of twenty are not above (nearest rank).</summary>
    private static TimeSpan P95(TimeSpan[] values)
    {
        if (values.Length == 0) return TimeSpan.Zero;
        Array.Sort(values);
        return values[(int)Math.Ceiling(0.95 * values.Length) - 1];
    }
}

/// <summary>What recent times come to.</summary>
/// <param name="RunMean">The mean run time.</param>
/// <param name="RunP95">The 95th percentile of run times.</param>
/// <param name="WaitP95">The 95th percentile of wait times of the last minute.</param>
internal sealed record RecentTimesSummary(TimeSpan RunMean, TimeSpan RunP95, TimeSpan WaitP95);
