using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.SearchFusion;

/// <summary>Asks a model for something that the run can do without: within a time limit, and a failure is an outcome.</summary>
internal static class ModelStep
{
    /// <summary>The model's answer, or why there is none.</summary>
    public static async Task<(string? Answer, string? Fault, ModelReply? Reply)> AskAsync(OrchestrationContext context, string label, ModelCall call, TimeSpan timeout, int attempts)
    {
        var options = new FanOutOptions { BranchTimeout = timeout, Retry = new RetryPolicy { MaxAttempts = attempts, BaseDelay = TimeSpan.FromMilliseconds(500), MaxDelay = TimeSpan.FromSeconds(10) } };
        var branch = (await FanOut.RunAsync(context, ActivityReferences.CallModel, [new BranchInput<ModelCall>(label, call)], options))[0];
        if (branch.Value is not { } reply) return (null, branch.Error is { } error ? $"the model failed: {error.Type}: {error.Message}" : $"the model's call was {branch.Status}", null);
        return reply.Text.Text is { } answer ? (answer, null, reply) : (null, $"the model's answer of {reply.Text.Ref?.Length} bytes is far too long", reply);
    }
}
