using System.Text.Json.Serialization;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>The outcome of one branch of a fan-out.</summary>
/// <typeparam name="T">What a branch gives.</typeparam>
public sealed record Branch<T>
{
    /// <summary>The branch's key, unique within its fan-out.</summary>
    public required string Key { get; init; }

    /// <summary>How it ended.</summary>
    public required BranchStatus Status { get; init; }

    /// <summary>Its value, where it succeeded.</summary>
    public T? Value { get; init; }

    /// <summary>How it failed, where it failed or timed out; what is broken, where it was skipped for that.</summary>
    public FailureDetails? Error { get; init; }

    /// <summary>From its first attempt's start to its end, waits between attempts included. Zero where it never started.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>What it cost, where its value says so.</summary>
    public Cost? Cost { get; init; }

    /// <summary>Whether it was skipped because what it would have called is broken.</summary>
    [JsonIgnore]
    public bool IsBroken => Status == BranchStatus.Skipped && Error is not null;

    /// <summary>Whether it gave a value.</summary>
    [JsonIgnore]
    public bool IsSuccess => Status is BranchStatus.Succeeded or BranchStatus.Cached;
}
