namespace AgentFunctions.Core.Stores;

/// <summary>When a value may be written (RFC 9110, section 13.1: If-Match and If-None-Match).</summary>
public sealed record WriteCondition
{
    private WriteCondition(string? etag, bool mustBeNew) => (ETag, MustBeNew) = (etag, mustBeNew);

    /// <summary>In any case.</summary>
    public static WriteCondition Always { get; } = new(null, false);

    /// <summary>Only where the key has no value, or one that has expired.</summary>
    public static WriteCondition New { get; } = new(null, true);

    /// <summary>The ETag that the value must still have, or null.</summary>
    public string? ETag { get; }

    /// <summary>Whether there must be no value.</summary>
    public bool MustBeNew { get; }

    /// <summary>Only where the value still has this ETag.</summary>
    /// <param name="etag">The ETag that was read.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static WriteCondition Match(string etag)
    {
        ArgumentException.ThrowIfNullOrEmpty(etag);
        return new WriteCondition(etag, false);
    }
}
