namespace AgentFunctions.Core.Policies.Scaling;

/// <summary>
/// How many slots were needed on average in each hour of the day (UTC), on working days and at weekends, smoothed exponentially over the days (Brown 1956). An hour
/// counts for what was seen of it, if that is at least a quarter.
/// </summary>
public sealed record DemandHistory
{
    /// <summary>The hours of a day.</summary>
    public const int Hours = 24;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestGap = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LeastSeen = TimeSpan.FromMinutes(15);

    /// <summary>The forecasts of the hours of working days, then those of weekends; negative where no day has been seen yet. Empty before the first.</summary>
    public IReadOnlyList<double> Means { get; init; } = [];

    /// <summary>The hour that is being watched, counted from the beginning of time.</summary>
    public long Watched { get; init; }

    /// <summary>Slots × seconds of it so far.</summary>
    public double Sum { get; init; }

    /// <summary>The seconds of it that were seen.</summary>
    public double Seconds { get; init; }

    /// <summary>When it was last looked at.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Takes note of what is needed now, as having been so since the last look. A gap of more than a minute counts as one of a minute, and a clock that went back as none.</summary>
    /// <param name="demand">The slots.</param>
    /// <param name="now">The time.</param>
    /// <param name="weight">How much the latest day counts, above 0 up to 1.</param>
    public DemandHistory Observe(double demand, DateTimeOffset now, double weight)
    {
        var number = now.UtcTicks / Hour.Ticks;
        if (At is not { } last) return this with { Watched = number, At = now };
        var gap = now - last;
        var seconds = gap <= TimeSpan.Zero ? 0 : Math.Min(gap.TotalSeconds, LongestGap.TotalSeconds);
        var history = this with { Sum = Sum + (demand * seconds), Seconds = Seconds + seconds, At = now };
        return number == Watched ? history : history.Close(weight) with { Watched = number };
    }

    /// <summary>The slots that past days needed at a time: between the middles of two hours, what lies between them. Null where one of them is not known.</summary>
    /// <param name="at">The time.</param>
    public double? Read(DateTimeOffset at)
    {
        if (Means.Count == 0) return null;
        var middle = at - (Hour / 2);
        var number = middle.UtcTicks / Hour.Ticks;
        var (before, after) = (Means[IndexOf(number)], Means[IndexOf(number + 1)]);
        if (before < 0 || after < 0) return null;
        var share = (double)(middle.UtcTicks % Hour.Ticks) / Hour.Ticks;
        return before + ((after - before) * share);
    }

    private DemandHistory Close(double weight)
    {
        if (Seconds < LeastSeen.TotalSeconds) return this with { Sum = 0, Seconds = 0 };
        double[] means = Means.Count == 2 * Hours ? [.. Means] : [.. Enumerable.Repeat(-1.0, 2 * Hours)];
        ref var mean = ref means[IndexOf(Watched)];
        mean = mean < 0 ? Sum / Seconds : mean + (weight * ((Sum / Seconds) - mean));
        return this with { Means = means, Sum = 0, Seconds = 0 };
    }

    private static int IndexOf(long number)
    {
        var start = new DateTime(number * Hour.Ticks, DateTimeKind.Utc);
        return start.Hour + (start.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? Hours : 0);
    }
}
