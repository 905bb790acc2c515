namespace AgentFunctions.Core.Tools;

/// <summary>How long the answer of one call may be kept, as far as the tool has said so by now.</summary>
internal sealed class CacheLimit
{
    /// <summary>How long; zero for not at all, null where it has said nothing.</summary>
    public TimeSpan? Time { get; private set; }

    /// <summary>Says how long; of several words the shortest counts.</summary>
    public void Lower(TimeSpan limit)
    {
        var time = limit > TimeSpan.Zero ? limit : TimeSpan.Zero;
        Time = Time < time ? Time : time;
    }
}
