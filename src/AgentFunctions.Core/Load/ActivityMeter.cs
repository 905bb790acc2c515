namespace AgentFunctions.Core.Load;

/// <summary>Counts a worker's activities as they begin and end. One for a worker; safe for all threads, and a short lock for each begin and end.</summary>
/// <param name="time">The clock; all goes by its monotonic time.</param>
public sealed class ActivityMeter(TimeProvider time)
{
    private static readonly TimeSpan RateConstant = TimeSpan.FromSeconds(10);
    private readonly Lock gate = new();
    private readonly long start = time.GetTimestamp();
    private readonly DecayingRate ends = new(RateConstant);
    private readonly MinuteCounts minute = new();
    private readonly RecentTimes times = new();
    private long begun;
    private long ended;
    private long failed;

    /// <summary>How many have begun since the worker started.</summary>
    public long Begun
    {
        get
        {
            lock (gate) return begun;
        }
    }

    /// <summary>How many have ended, in whatever way.</summary>
    public long Ended
    {
        get
        {
            lock (gate) return ended;
        }
    }

    /// <summary>How many have failed for a reason that may pass.</summary>
    public long Failed
    {
        get
        {
            lock (gate) return failed;
        }
    }

    /// <summary>An activity begins.</summary>
    /// <returns>What is told of its end, once.</returns>
    public MeteredActivity Begin()
    {
        lock (gate) begun++;
        return new MeteredActivity(this, time.GetTimestamp());
    }

    /// <summary>How it is now.</summary>
    /// <param name="slots">How many may run at once; 0 where it is not known.</param>
    /// <param name="waiting">How many wait for a place.</param>
    public LoadSample Read(int slots, LaneCounts waiting)
    {
        lock (gate)
        {
            var now = Now;
            var recent = times.Read(now);
            return new LoadSample
            {
                Slots = slots,
                Running = (int)(begun - ended),
                Waiting = waiting,
                EndedPerSecond = ends.Read(now),
                FailureShare = minute.Share(now),
                RunTimeMean = recent.RunMean,
                RunTimeP95 = recent.RunP95,
                WaitTimeP95 = recent.WaitP95,
            };
        }
    }

    internal void End(long begunAt, TimeSpan? waited, ActivityOutcome outcome)
    {
        var ran = time.GetElapsedTime(begunAt);
        lock (gate)
        {
            var now = Now;
            ended++;
            if (outcome == ActivityOutcome.Failed) failed++;
            ends.Note(now);
            times.Note(now, ran, waited);

            // Who was asked to stop or had no chance says nothing of how often work fails.
            if (outcome is ActivityOutcome.Succeeded or ActivityOutcome.Failed) minute.Note(now, outcome == ActivityOutcome.Failed);
        }
    }

    private TimeSpan Now => time.GetElapsedTime(start);
}

/// <summary>An activity that has begun.</summary>
public sealed class MeteredActivity
{
    private readonly ActivityMeter meter;
    private readonly long begunAt;
    private int ended;

    internal MeteredActivity(ActivityMeter meter, long begunAt) => (this.meter, this.begunAt) = (meter, begunAt);

    /// <summary>It has ended; said once.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="waited">How long it waited for its place; null where that is not known.</param>
    /// <exception cref="InvalidOperationException">Its end was said before.</exception>
    public void End(ActivityOutcome outcome, TimeSpan? waited)
    {
        if (Interlocked.Exchange(ref ended, 1) == 1) throw new InvalidOperationException("The end of this activity was said before. Say it once.");
        meter.End(begunAt, waited, outcome);
    }
}
