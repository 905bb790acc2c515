namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>
/// A limit per minute as a token bucket: full at first, refilled evenly. What was not known when a request was let in can be charged later
/// and takes the bucket below zero. Not thread-safe: the gate locks.
/// </summary>
internal sealed class MinuteBucket(int perMinute, TimeProvider time)
{
    private double level = perMinute;
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
        return level >= amount ? TimeSpan.Zero : TimeSpan.FromMinutes((amount - level) / perMinute);
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
            return TimeSpan.FromMinutes((perMinute - level) / perMinute);
        }
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        level = Math.Min(perMinute, level + (time.GetElapsedTime(refilledAt, now).TotalMinutes * perMinute));
        refilledAt = now;
    }
}
