namespace AgentFunctions.Local.Stores.KeyValues;

/// <summary>What a store holds and what has befallen it since it was opened.</summary>
internal sealed record KeyValueStatistics
{
    /// <summary>Values, the expired ones that are not swept yet among them.</summary>
    public required int Entries { get; init; }

    /// <summary>What they take in the files.</summary>
    public required long LiveBytes { get; init; }

    /// <summary>The files' bytes.</summary>
    public required long FileBytes { get; init; }

    /// <summary>The files.</summary>
    public required int Segments { get; init; }

    /// <summary>Records found damaged and skipped.</summary>
    public required long Damaged { get; init; }

    /// <summary>How often the store was emptied because it could not be told what damage had hit.</summary>
    public required int Emptied { get; init; }

    /// <summary>Values that had to go to make room.</summary>
    public required long Evicted { get; init; }

    /// <summary>Groups written, each with one fsync.</summary>
    public required long Commits { get; init; }
}
