namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>The clock of a world, for the activities in it: what they remember for a while is over when the world says so. Timers are real, since an activity's own waits are waited out.</summary>
internal sealed class WorldTime : TimeProvider
{
    private Func<DateTimeOffset> now = () => SimulatedWorld.Beginning;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Follow(SimulatedWorld world) => now = () => world.Now;

    public override DateTimeOffset GetUtcNow() => now();

    public override long GetTimestamp() => now().Ticks;
}
