namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>
/// A limit per minute as a token bucket: full at first with what may come at once, refilled evenly. What was not known when a request was let in can be charged later
/// and takes the bucket below zero. Not thread-safe: the gate locks.
/// </summary>
internal sealed class MinuteBucket(int perMinute, TimeProvider time, double burstSeconds = 60)
{
    private readonly double most = Full(perMinute, burstSeconds);
    private double level = Full(perMinute, burstSeconds);
    private long refilledAt = time.GetTimestamp();

    /// <summary>The limit; 0 is none.</summary>
    public int PerMinute => perMinute;

    /// <summary>What is left now, at least 0.</summary>
    public double Left
    {
        get
        {
            Refill();
            return Math.Max(0, level);
        }
    }

    /// <summary>How long until this much is there; null when it never fits.</summary>
    public TimeSpan? WaitFor(double amount)
    {
        if (perMinute == 0) return TimeSpan.Zero;
        if (amount > perMinute) return null;
        Refill();
        // More than may come at once is let in by a full bucket.
        var needed = Math.Min(amount, most);
        return level >= needed ? TimeSpan.Zero : TimeSpan.FromMinutes((needed - level) / perMinute);
    }

    /// <summary>Takes this much, whether it is there or not.</summary>
    public void Take(double amount)
    {
        if (perMinute == 0) return;
        Refill();
        level -= amount;
    }

    /// <summary>How long until it is full.</summary>
    public TimeSpan FullIn
    {
        get
        {
            if (perMinute == 0) return TimeSpan.Zero;
            Refill();
            return TimeSpan.FromMinutes((most - level) / perMinute);
        }
    }

    /// <summary>One request must fit, however short the time is.</summary>
    private static double Full(int perMinute, double burstSeconds) => Math.Max(Math.Min(1, perMinute), perMinute * burstSeconds / 60);

    private void Refill()
    {
        var now = time.GetTimestamp();
        level = Math.Min(most, level + (time.GetElapsedTime(refilledAt, now).TotalMinutes * perMinute));
        refilledAt = now;
    }
}
