namespace AgentFunctions.Core.Tests.Caching;

/// <summary>Another computer's clock: time passes as it does here, but its clock shows something else.</summary>
internal sealed class SkewedTime(ManualTime real, TimeSpan skew) : TimeProvider
{
    public override long TimestampFrequency => real.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + skew;

    public override long GetTimestamp() => real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => real.CreateTimer(callback, state, dueTime, period);
}
