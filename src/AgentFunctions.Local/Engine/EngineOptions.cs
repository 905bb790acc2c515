namespace AgentFunctions.Local.Engine;

/// <summary>How the embedded engine behaves.</summary>
internal sealed record EngineOptions
{
    /// <summary>How many activities run at once, 1 to 100,000. Default: 256.</summary>
    public int MaxActivities { get; init; } = 256;

    /// <summary>How many runs that wait only for timers and events stay in memory, 0 to 10,000,000; above it the longest idle ones leave it and are replayed when needed. Default: 1,000.</summary>
    public int MaxIdleInMemory { get; init; } = 1000;

    /// <summary>Whether every run leaves memory after every turn and is replayed, with the inputs of calls compared too: what tests of determinism ask for. Default: false.</summary>
    public bool ReplayEveryTurn { get; init; }

    /// <summary>The journal is compacted when it holds more than this many bytes that nothing needs, and they are more than half of it. 64 KiB to 1 TiB. Default: 64 MiB.</summary>
    public long CompactionBytes { get; init; } = 64L << 20;

    /// <summary>Checks every setting.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it, its value and the range.</exception>
    public void Validate()
    {
        Check(MaxActivities, 1, 100_000, nameof(MaxActivities));
        Check(MaxIdleInMemory, 0, 10_000_000, nameof(MaxIdleInMemory));
        Check(CompactionBytes, 64L << 10, 1L << 40, nameof(CompactionBytes));

        static void Check(long value, long least, long most, string name)
        {
            if (value < least || value > most)
            {
                throw new ArgumentException($"The engine's setting {name} is {value}. It must be from {least} to {most}.", name);
            }
        }
    }
}
