using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.SearchFusion;

/// <summary>Asks a model for something that the run can do without: within a time limit, and a failure is an outcome. A kept answer that can't be read is asked for anew.</summary>
internal static class ModelStep
{
    /// <summary>What could be read out of the model's answer, or why nothing.</summary>
    /// <param name="context">The run's context.</param>
    /// <param name="label">The step's name.</param>
    /// <param name="call">The call.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="attempts">How often it is tried.</param>
    /// <param name="read">Reads the answer, or says why it does not fit.</param>
    public static async Task<(T? Value, string? Fault, ModelReply? Reply)> AskAsync<T>(OrchestrationContext context, string label, ModelCall call, TimeSpan timeout, int attempts, Func<string, (T Value, string? Fault)> read)
        where T : class
    {
        var step = await AskAsync(context, label, call, timeout, attempts);
        var (value, fault) = Read(step);
        if (fault is null || step.Reply?.Cache is null || call.Cache.Anew() is not { Mode: CacheMode.Refresh } anew) return (value, fault, step.Reply);
        step = await AskAsync(context, label, call with { Cache = anew }, timeout, attempts);
        (value, fault) = Read(step);
        return (value, fault, step.Reply);

        (T? Value, string? Fault) Read((string? Answer, string? Fault, ModelReply? Reply) it)
        {
            if (it.Answer is null) return (null, it.Fault);
            var (result, wrong) = read(it.Answer);
            return wrong is null ? (result, null) : (null, $"the model's answer does not fit: {wrong}");
        }
    }

    private static async Task<(string? Answer, string? Fault, ModelReply? Reply)> AskAsync(OrchestrationContext context, string label, ModelCall call, TimeSpan timeout, int attempts)
    {
        var options = new FanOutOptions { BranchTimeout = timeout, Retry = new RetryPolicy { MaxAttempts = attempts, BaseDelay = TimeSpan.FromMilliseconds(500), MaxDelay = TimeSpan.FromSeconds(10) } };
        var branch = (await FanOut.RunAsync(context, ActivityReferences.CallModel, [new BranchInput<ModelCall>(label, call)], options))[0];
        if (branch.Value is not { } reply) return (null, branch.Error is { } error ? $"the model failed: {error.Type}: {error.Message}" : $"the model's call was {branch.Status}", null);
        return reply.Text.Text is { } answer ? (answer, null, reply) : (null, $"the model's answer of {reply.Text.Ref?.Length} bytes is far too long", reply);
    }
}
