namespace AgentFunctions.Core.Durable;

/// <summary>Time that only goes forward, whatever is done to the computer's clock.</summary>
internal static class MonotonicClock
{
    /// <summary>Now, in ticks since some moment.</summary>
    public static long GetTicks(this TimeProvider time) => time.GetElapsedTime(0, time.GetTimestamp()).Ticks;
}
