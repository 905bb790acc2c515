using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Activities;

/// <summary>One request of a batch.</summary>
public sealed record BatchItem
{
    /// <summary>A name for the request, 1 to 100 characters, unique; the provider's <c>custom_id</c>.</summary>
    public required string Key { get; init; }

    /// <summary>What to ask: the user message.</summary>
    public required string Text { get; init; }
}

/// <summary>The requests of a batch: themselves where they are few and short, else their address.</summary>
public sealed record BatchItems
{
    /// <summary>The requests.</summary>
    public IReadOnlyList<BatchItem>? Items { get; init; }

    /// <summary>Where their JSON is.</summary>
    public ContentRef? Ref { get; init; }
}

/// <summary>A batch to be sent.</summary>
public sealed record BatchSubmission
{
    /// <summary>The requests.</summary>
    public required BatchItems Requests { get; init; }

    /// <summary>A tier or a configured model's name.</summary>
    public required string Model { get; init; }

    /// <summary>What to do, in words: the system message of each request. Default: none.</summary>
    public string? Instructions { get; init; }

    /// <summary>The longest answer in tokens. Default: the model's own limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Sampling temperature. Default: the provider's.</summary>
    public float? Temperature { get; init; }

    /// <summary>Equal for every attempt at this submission, and for no other: a batch that exists with it is not created again.</summary>
    public required string IdempotencyKey { get; init; }
}

/// <summary>How a batch stands.</summary>
public sealed record BatchState
{
    /// <summary>The provider's ID.</summary>
    public required string BatchId { get; init; }

    /// <summary>The provider's word: validating, in_progress, finalizing, completed, failed, expired, cancelling or cancelled.</summary>
    public required string Status { get; init; }

    /// <summary>Requests answered so far.</summary>
    public int Completed { get; init; }

    /// <summary>Requests failed so far.</summary>
    public int Failed { get; init; }

    /// <summary>The answers, where there are any.</summary>
    public string? OutputFileId { get; init; }

    /// <summary>The errors of single requests, where there are any.</summary>
    public string? ErrorFileId { get; init; }

    /// <summary>Why the whole batch failed, where it did.</summary>
    public string? Error { get; init; }

    /// <summary>What budgets have counted for it when it was sent; null for nothing.</summary>
    public BudgetAmount? Counted { get; init; }

    /// <summary>Whether nothing more will come of it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasEnded => Status is "completed" or "failed" or "expired" or "cancelled";
}

/// <summary>A batch whose answers are to be read.</summary>
/// <param name="State">How it ended.</param>
/// <param name="Requests">Its requests.</param>
/// <param name="Model">The tier or model that they were sent to.</param>
public sealed record BatchReading(BatchState State, BatchItems Requests, string Model);

/// <summary>What became of the requests of a batch.</summary>
public sealed record BatchOutcomes : ICosted
{
    /// <summary>An outcome for each request, in input order, where they are few and short.</summary>
    public IReadOnlyList<BatchOutcome>? Items { get; init; }

    /// <summary>Where their JSON is, where it is over 32 KB.</summary>
    public ContentRef? Ref { get; init; }

    /// <summary>How many were answered.</summary>
    public int Succeeded { get; init; }

    /// <summary>How many failed.</summary>
    public int Failed { get; init; }

    /// <summary>How many were not answered within the provider's window.</summary>
    public int Expired { get; init; }

    /// <summary>How many were not answered before the batch was cancelled.</summary>
    public int Cancelled { get; init; }

    /// <summary>What the answers cost.</summary>
    public Cost? Cost { get; init; }

    /// <summary>A remark that must not be overlooked, such as that the offline model answered. Default: none.</summary>
    public string? Notice { get; init; }
}

/// <summary>What became of one request.</summary>
public sealed record BatchOutcome
{
    /// <summary>The request's key.</summary>
    public required string Key { get; init; }

    /// <summary>How it ended.</summary>
    public required BatchItemStatus Status { get; init; }

    /// <summary>The answer, where there is one.</summary>
    public string? Text { get; init; }

    /// <summary>Why the answer ended: <c>stop</c>, <c>length</c>, <c>content_filter</c>.</summary>
    public string? FinishReason { get; init; }

    /// <summary>How it failed, where it did.</summary>
    public string? Error { get; init; }
}

/// <summary>How a request of a batch ended.</summary>
public enum BatchItemStatus
{
    /// <summary>Answered.</summary>
    Succeeded,

    /// <summary>Failed by itself, or with the whole batch.</summary>
    Failed,

    /// <summary>Not answered within the provider's window.</summary>
    Expired,

    /// <summary>Not answered before the batch was cancelled.</summary>
    Cancelled,
}
