using System.Runtime.InteropServices;

namespace AgentFunctions.Core.Policies.RateLimiting;

/// <summary>
/// A token bucket at a moment: what is in it, how much it holds and how fast it fills (Turner 1986; RFC 2697 names the same). It may be below zero: what turned out
/// to cost more than was thought is owed. Pure.
/// </summary>
/// <param name="Level">What is in it.</param>
/// <param name="Capacity">How much it holds, above 0; infinite where there is no limit.</param>
/// <param name="PerSecond">What flows in, a second, above 0.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TokenBucket(double Level, double Capacity, double PerSecond)
{
    // A start time is rounded up to a tick, and sums of doubles stray by less than this.
    private const double Dust = 1e-6;

    /// <summary>The bucket after a time in which nothing was taken.</summary>
    /// <param name="time">How long; not negative.</param>
    public TokenBucket After(TimeSpan time) => double.IsInfinity(Capacity) ? this : this with { Level = Math.Min(Capacity, Level + (PerSecond * time.TotalSeconds)) };

    /// <summary>The bucket less an amount, which may take it below zero.</summary>
    /// <param name="amount">How much; negative to put back, up to what it holds.</param>
    public TokenBucket Less(double amount) => double.IsInfinity(Capacity) ? this : this with { Level = Math.Min(Capacity, Level - amount) };

    /// <summary>How long until an amount may be taken. One that the bucket never holds is let through when it is full.</summary>
    /// <param name="amount">How much.</param>
    public TimeSpan WaitFor(double amount)
    {
        var missing = Math.Min(amount, Capacity) - Level;
        return double.IsInfinity(Capacity) || missing <= Dust ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Ceiling(missing / PerSecond * TimeSpan.TicksPerSecond));
    }
}
