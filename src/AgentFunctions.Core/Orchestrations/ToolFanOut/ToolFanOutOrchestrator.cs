using System.Globalization;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Orchestrations.ToolFanOut;

/// <summary>Calls many tools at once and gives an outcome for each. Calls that fail make the result incomplete; they do not fail the run.</summary>
public sealed class ToolFanOutOrchestrator : Orchestrator<ToolFanOutInput, ToolFanOutResult>
{
    /// <inheritdoc/>
    public override void Validate(ToolFanOutInput input, InputErrors errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(errors);
        ToolFanOutValidation.Check(input, errors);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The input is one that <see cref="Validate"/> refuses.</exception>
    public override async Task<ToolFanOutResult> RunAsync(OrchestrationContext context, ToolFanOutInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var status = new ProgressStatus(context, "calls", input.Calls.Count);
        var calls = input.Calls.Select((call, place) => new BranchInput<ToolCall>(
            call.Key ?? place.ToString(CultureInfo.InvariantCulture),
            new ToolCall { Tool = call.Tool, Arguments = call.Arguments, RetryKey = input.MaxAttempts > 1 ? context.NewGuid().ToString("n") : null, Cache = call.Cache ?? input.Cache }));
        var options = new FanOutOptions
        {
            MaxParallel = input.MaxParallel,
            BranchTimeout = input.BranchTimeout,
            Quorum = input.Quorum,
            Critical = input.Critical,
            Retry = new RetryPolicy { MaxAttempts = input.MaxAttempts },
            SkipBroken = input.SkipBroken,
            Rate = input.Rate,
        };
        var branches = await FanOut.RunAsync(context, ActivityReferences.CallTool, [.. calls], options, progress => status.Report(progress.Done));
        return Result(input, branches);
    }

    private static ToolFanOutResult Result(ToolFanOutInput input, IReadOnlyList<Branch<ToolReply>> branches)
    {
        var succeeded = branches.Count(branch => branch.IsSuccess);
        var failed = branches.Where(branch => branch.Status is BranchStatus.Failed or BranchStatus.TimedOut || branch.IsBroken).Select(branch => branch.Key);
        string[] failedCritical = [.. failed.Where(new HashSet<string>(input.Critical, StringComparer.Ordinal).Contains)];
        return new()
        {
            Complete = succeeded == branches.Count,
            QuorumReached = input.Quorum.IsAll ? null : succeeded >= input.Quorum.Needed(branches.Count),
            FailedCritical = failedCritical.Length > 0 ? failedCritical : null,
            Branches = [.. branches.Select(ToolFanOutBranch.From)],
            Cost = Cost.Sum(branches.Select(branch => branch.Cost)),
        };
    }
}
