namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>What a simulated provider has done since its start; GET /stats.</summary>
public sealed record ProviderStats
{
    /// <summary>Requests for an answer or an embedding, whatever became of them.</summary>
    public long Requests { get; init; }

    /// <summary>Answered in full.</summary>
    public long Answered { get; init; }

    /// <summary>Refused for the limit of requests.</summary>
    public long ThrottledByRequests { get; init; }

    /// <summary>Refused for the limit of tokens.</summary>
    public long ThrottledByTokens { get; init; }

    /// <summary>Refused as wrong.</summary>
    public long Rejected { get; init; }

    /// <summary>Failed on purpose with a 500.</summary>
    public long Faults { get; init; }

    /// <summary>Broken off on purpose.</summary>
    public long Malformed { get; init; }

    /// <summary>Never answered, on purpose.</summary>
    public long Hung { get; init; }

    /// <summary>Given up by the client before the end, hung ones among them.</summary>
    public long Abandoned { get; init; }

    /// <summary>In work now.</summary>
    public long InFlight { get; init; }

    /// <summary>The most that were in work at once.</summary>
    public long MostInFlight { get; init; }

    /// <summary>Tokens read, estimated.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens answered, estimated.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Tokens read that an earlier request had begun with, among <see cref="InputTokens"/>.</summary>
    public long CachedInputTokens { get; init; }

    /// <summary>Requests that named what they have in common with others (prompt_cache_key).</summary>
    public long WithCacheKey { get; init; }

    /// <summary>Batches created.</summary>
    public long Batches { get; init; }

    /// <summary>Tokens read for batches, at half the price, estimated; not among the others.</summary>
    public long BatchInputTokens { get; init; }

    /// <summary>Tokens answered for batches, at half the price, estimated; not among the others.</summary>
    public long BatchOutputTokens { get; init; }
}

/// <summary>Counts, under a lock so that a reading adds up.</summary>
internal sealed class ProviderCounters
{
    private readonly Lock gate = new();
    private ProviderStats stats = new();

    public ProviderStats Read()
    {
        lock (gate) return stats;
    }

    public void Count(Func<ProviderStats, ProviderStats> change)
    {
        lock (gate) stats = change(stats);
    }

    /// <summary>Counts a request in.</summary>
    /// <returns>Its number, from 1.</returns>
    public long Enter()
    {
        lock (gate)
        {
            stats = stats with { Requests = stats.Requests + 1, InFlight = stats.InFlight + 1, MostInFlight = Math.Max(stats.MostInFlight, stats.InFlight + 1) };
            return stats.Requests;
        }
    }
}
