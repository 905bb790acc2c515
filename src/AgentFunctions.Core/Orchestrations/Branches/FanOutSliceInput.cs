namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>What a slice of a fan-out is started with. The parent writes it with the activity's own input type, the slice reads it as JSON.</summary>
/// <typeparam name="TInput">The activity's input, or a JSON element.</typeparam>
internal sealed record FanOutSliceInput<TInput>
{
    /// <summary>The activity's name.</summary>
    public required string Activity { get; init; }

    /// <summary>The slice's branches.</summary>
    public required IReadOnlyList<BranchInput<TInput>> Branches { get; init; }

    /// <summary>How the slice runs.</summary>
    public required FanOutOptions Options { get; init; }
}

/// <summary>What a slice of a fan-out gives.</summary>
/// <typeparam name="TOutput">The activity's output, or a JSON element.</typeparam>
/// <param name="Branches">An outcome for each branch, in order.</param>
internal sealed record FanOutSliceResult<TOutput>(IReadOnlyList<Branch<TOutput>> Branches);
