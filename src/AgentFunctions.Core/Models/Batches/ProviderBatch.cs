using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Models.Batches;

/// <summary>A batch as the provider tells it, in its own words.</summary>
public sealed record ProviderBatch
{
    /// <summary>Its ID.</summary>
    public required string Id { get; init; }

    /// <summary>validating, in_progress, finalizing, completed, failed, expired, cancelling or cancelled.</summary>
    public required string Status { get; init; }

    /// <summary>The answers, where there are any.</summary>
    public string? OutputFileId { get; init; }

    /// <summary>The errors of single requests, where there are any.</summary>
    public string? ErrorFileId { get; init; }

    /// <summary>How far it is.</summary>
    public ProviderBatchCounts? RequestCounts { get; init; }

    /// <summary>Why the whole batch failed.</summary>
    public ProviderBatchErrors? Errors { get; init; }

    /// <summary>What it was created with.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Whether nothing more will come of it.</summary>
    [JsonIgnore]
    public bool HasEnded => Status is "completed" or "failed" or "expired" or "cancelled";
}

/// <summary>How far a batch is.</summary>
/// <param name="Total">Its requests.</param>
/// <param name="Completed">Those answered.</param>
/// <param name="Failed">Those failed.</param>
public sealed record ProviderBatchCounts(int Total, int Completed, int Failed);

/// <summary>Why a whole batch failed.</summary>
/// <param name="Data">What was wrong with its file.</param>
public sealed record ProviderBatchErrors(IReadOnlyList<ProviderBatchError>? Data);

/// <summary>Something that was wrong.</summary>
/// <param name="Code">The provider's word for it.</param>
/// <param name="Message">What it was.</param>
/// <param name="Line">The line of the file, from 1.</param>
public sealed record ProviderBatchError(string? Code, string? Message, int? Line = null);
