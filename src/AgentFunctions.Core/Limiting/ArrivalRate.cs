namespace AgentFunctions.Core.Limiting;

/// <summary>How many come a second, lately: an exponentially weighted average over about five seconds. Not thread-safe.</summary>
internal sealed class ArrivalRate
{
    private const double Memory = 5;
    private double perSecond;
    private long at;

    /// <summary>Counts one.</summary>
    public void Note(long ticks)
    {
        perSecond = PerSecond(ticks) + (1 / Memory);
        at = ticks;
    }

    /// <summary>The rate now.</summary>
    public double PerSecond(long ticks) => perSecond * Math.Exp(-Math.Max(0, ticks - at) / (Memory * TimeSpan.TicksPerSecond));
}
