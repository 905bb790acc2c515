namespace AgentFunctions.Core.Load;

/// <summary>How often something happens a second, where what is longer ago counts exponentially less. Not safe for several threads.</summary>
/// <param name="constant">After this long something counts 1/e of what it did: above zero.</param>
internal sealed class DecayingRate(TimeSpan constant)
{
    private readonly double seconds = constant.TotalSeconds;
    private double rate;
    private TimeSpan at;

    /// <summary>It has happened.</summary>
    /// <param name="now">When, on a clock that never goes back.</param>
    public void Note(TimeSpan now)
    {
        rate = Read(now) + (1 / seconds);
        at = now > at ? now : at;
    }

    /// <summary>How often a second.</summary>
    /// <param name="now">The time, on the same clock.</param>
    public double Read(TimeSpan now) => rate * Math.Exp(-Math.Max(0, (now - at).TotalSeconds) / seconds);
}
