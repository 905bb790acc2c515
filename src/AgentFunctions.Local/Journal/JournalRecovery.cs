namespace AgentFunctions.Local.Journal;

/// <summary>Takes a record found at the start, in the order of appending. The bytes are the caller's again when it returns.</summary>
internal delegate void JournalReplay(JournalPosition position, ReadOnlySpan<byte> record);

/// <summary>What opening a journal found.</summary>
internal sealed record JournalRecovery
{
    /// <summary>Records handed to replay.</summary>
    public required long Records { get; init; }

    /// <summary>Bytes of the live segments, after cutting.</summary>
    public required long Bytes { get; init; }

    public required int Segments { get; init; }

    /// <summary>What was cut off the end, or null. It was never acknowledged, or is damage that can't be told from that.</summary>
    public TornTail? Torn { get; init; }

    /// <summary>Files of a segment change or a compaction that a crash cut short; they were no part of the journal and are removed.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];
}

/// <summary>An end that was cut off.</summary>
/// <param name="File">In which file.</param>
/// <param name="Offset">Where the cut is.</param>
/// <param name="Bytes">How much was cut.</param>
/// <param name="Reason">What was wrong there, as a sentence.</param>
internal sealed record TornTail(string File, long Offset, long Bytes, string Reason)
{
    public override string ToString() => $"{Bytes} bytes of an unfinished write were cut off {File} at offset {Offset}: {Reason}";
}
