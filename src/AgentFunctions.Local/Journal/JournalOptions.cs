namespace AgentFunctions.Local.Journal;

/// <summary>How a journal is laid out.</summary>
internal sealed record JournalOptions
{
    /// <summary>The smallest <see cref="SegmentBytes"/>.</summary>
    public const long MinSegmentBytes = 64 * 1024;

    /// <summary>The largest <see cref="SegmentBytes"/>.</summary>
    public const long MaxSegmentBytes = 1024 * 1024 * 1024;

    /// <summary>The size in bytes from which on a new segment is begun. Default: 64 MiB. Range: 64 KiB to 1 GiB. A larger record gets a segment of its own.</summary>
    public long SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Gives each segment its salt (see <see cref="SegmentHeader"/>). Default: <see cref="Random.Shared"/>; a simulation injects its own.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Refuses a setting outside its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public void Validate()
    {
        if (SegmentBytes is < MinSegmentBytes or > MaxSegmentBytes)
#pragma warning disable MA0015 // It is the setting's name that tells the reader what to change, not a parameter's.
            throw new ArgumentOutOfRangeException(nameof(SegmentBytes), SegmentBytes, $"{nameof(JournalOptions)}.{nameof(SegmentBytes)} is {SegmentBytes}. Set it from {MinSegmentBytes} to {MaxSegmentBytes} bytes.");
#pragma warning restore MA0015
    }
}
