namespace AgentFunctions.Core.Load;

/// <summary>The load of a worker whose queue is elsewhere: it sees what it runs and how long that had waited, but not what waits.</summary>
/// <param name="meter">Counts the activities.</param>
/// <param name="slots">How many activities the host hands this worker at once, 1 to 100,000.</param>
public sealed class WorkerLoad(ActivityMeter meter, int slots) : ILoadSource
{
    private static readonly LaneCounts Unseen = new(0, 0, 0);

    /// <inheritdoc/>
    public LoadSample Read() => meter.Read(slots, Unseen);
}
