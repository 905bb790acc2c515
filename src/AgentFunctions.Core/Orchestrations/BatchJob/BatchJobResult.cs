using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.BatchJob;

/// <summary>What became of the requests.</summary>
public sealed record BatchJobResult : ICosted
{
    /// <summary>Whether every request was answered.</summary>
    public required bool Complete { get; init; }

    /// <summary>The provider's word for how the batch ended: completed, failed, expired or cancelled; cancelling where it had not ended when patience did.</summary>
    public required string Status { get; init; }

    /// <summary>The provider's ID of the batch.</summary>
    public required string BatchId { get; init; }

    /// <summary>An outcome for each request, in input order, where their JSON is up to 32 KB.</summary>
    public IReadOnlyList<BatchOutcome>? Items { get; init; }

    /// <summary>Where the JSON of the outcomes is, where it is longer.</summary>
    public ContentRef? ItemsRef { get; init; }

    /// <summary>How many were answered.</summary>
    public int Succeeded { get; init; }

    /// <summary>How many failed.</summary>
    public int Failed { get; init; }

    /// <summary>How many were not answered within the provider's window.</summary>
    public int Expired { get; init; }

    /// <summary>How many were not answered before the batch was cancelled.</summary>
    public int Cancelled { get; init; }

    /// <summary>How often the provider was asked how the batch stands.</summary>
    public int Polls { get; init; }

    /// <summary>What the answers cost, at the price of batches.</summary>
    public Cost? Cost { get; init; }

    /// <summary>A remark that must not be overlooked, such as that the offline model answered. Default: none.</summary>
    public string? Notice { get; init; }
}

/// <summary>The custom status of a batch job: enough to look the batch up at the provider, should this run be terminated.</summary>
/// <param name="Phase">submit, wait, cancel or read.</param>
/// <param name="Done">Requests that have ended.</param>
/// <param name="Total">All requests; 0 where they are stored and not counted yet.</param>
/// <param name="BatchId">The provider's ID, once it is known.</param>
/// <param name="Status">The provider's word for how it stands.</param>
public sealed record BatchJobProgress(string Phase, int Done, int Total, string? BatchId, string? Status);
