using System.Text.Json;
using AgentFunctions.Core.Caching;

namespace AgentFunctions.Api.Caching;

/// <summary>A worker's <see cref="CacheReport"/> as it is answered: with the kinds as JSON names.</summary>
internal sealed record CacheStatus
{
    /// <summary>The worker that answers; each counts for itself.</summary>
    public required string Worker { get; init; }

    /// <summary>Since when it counts.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How many entries are in its memory.</summary>
    public required long Entries { get; init; }

    /// <summary>How many bytes they take.</summary>
    public required long Bytes { get; init; }

    /// <summary>How many bytes they may take.</summary>
    public required long MostBytes { get; init; }

    /// <summary>Whether the store answers.</summary>
    public required bool StoreUp { get; init; }

    /// <summary>The counts of each kind: response, tool, embedding, reasoning.</summary>
    public required IReadOnlyDictionary<string, CacheCounts> Kinds { get; init; }

    /// <summary>The thresholds that tenants' feedback has taught, by tenant.</summary>
    public required IReadOnlyDictionary<string, double> Thresholds { get; init; }

    /// <summary>The answer for a report.</summary>
    public static CacheStatus Of(CacheReport report) => new()
    {
        Worker = report.Worker,
        Since = report.Since,
        Entries = report.Entries,
        Bytes = report.Bytes,
        MostBytes = report.MostBytes,
        StoreUp = report.StoreUp,
        Kinds = report.Kinds.OrderBy(kind => kind.Key).ToDictionary(kind => JsonNamingPolicy.CamelCase.ConvertName(kind.Key.ToString()), kind => kind.Value, StringComparer.Ordinal),
        Thresholds = report.Thresholds,
    };
}
