namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>A branch that calls an activity.</summary>
/// <typeparam name="TInput">The activity's input.</typeparam>
/// <param name="Key">The branch's key, unique within its fan-out; the call's label on the timeline.</param>
/// <param name="Input">The activity's input.</param>
public sealed record BranchInput<TInput>(string Key, TInput Input);

/// <summary>A branch that runs a piece of the orchestrator.</summary>
/// <typeparam name="T">What it gives.</typeparam>
/// <param name="Key">The branch's key, unique within its fan-out.</param>
/// <param name="RunAsync">One attempt. The token fires once the branch has ended, timed out or lost; hand it to every call and timer.</param>
public sealed record BranchBody<T>(string Key, Func<CancellationToken, Task<T>> RunAsync);

/// <summary>How far a fan-out is.</summary>
/// <param name="Done">How many branches have ended.</param>
/// <param name="Succeeded">How many of them gave a value.</param>
/// <param name="Total">How many branches there are.</param>
public sealed record FanOutProgress(int Done, int Succeeded, int Total);
