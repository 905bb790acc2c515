namespace AgentFunctions.Core.Load;

/// <summary>Ends and failures of the last minute, to five seconds. Not safe for several threads.</summary>
internal sealed class MinuteCounts
{
    private const int Buckets = 12;
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(5);
    private readonly (long Number, int Ended, int Failed)[] buckets = new (long, int, int)[Buckets];

    /// <summary>Something ended.</summary>
    /// <param name="now">When, on a clock that never goes back.</param>
    /// <param name="failed">Whether it failed.</param>
    public void Note(TimeSpan now, bool failed)
    {
        var number = NumberOf(now);
        ref var bucket = ref buckets[number % Buckets];
        if (bucket.Number != number) bucket = (number, 0, 0);
        bucket.Ended++;
        if (failed) bucket.Failed++;
    }

    /// <summary>The share that failed, 0 to 1; 0 where nothing ended.</summary>
    /// <param name="now">The time, on the same clock.</param>
    public double Share(TimeSpan now)
    {
        var oldest = NumberOf(now) - Buckets + 1;
        long ended = 0, failed = 0;
        foreach (var bucket in buckets)
        {
            if (bucket.Number < oldest) continue;
            ended += bucket.Ended;
            failed += bucket.Failed;
        }

        return ended == 0 ? 0 : (double)failed / ended;
    }

    // From one on, so that a bucket that was never used is none of now.
    private static long NumberOf(TimeSpan now) => (now.Ticks / Each.Ticks) + Buckets;
}
