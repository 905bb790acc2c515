using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Sagas;
using AgentFunctions.Core.Policies.Templating;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Orchestrations.Saga;

/// <summary>Calls the tools of steps and compensations: attempt after attempt with one idempotency key.</summary>
internal sealed class SagaCalls(OrchestrationContext context, SagaLedger ledger)
{
    private ReplaySafeRandom? random;

    /// <summary>Runs a step and says what is known of its effect.</summary>
    public async Task<SagaStepStatus> StepAsync(int place, CancellationToken cancel)
    {
        var entry = ledger.Entries[place];
        var isOpen = false;
        try
        {
            entry.Arguments = await FillAsync(entry.Step.Arguments);
            var call = new ToolCall { Tool = entry.Step.Tool, Arguments = entry.Arguments, IdempotencyKey = entry.Key };
            entry.Reply = await Attempts.RunAsync(context, Policy(entry.Step.Retry), Draw, _ => NotedAsync(call), deadline: null, failed: null, cancel);
            entry.Error = null;
            return SagaStepStatus.Succeeded;
        }
        catch (Exception exception)
        {
            // No attempt at all: the arguments could not be filled in. And where a cancellation ended the wait between two, the last failure is the one to tell.
            if (entry.Attempts == 0) entry.Error = FailureDetails.From(exception);
            return isOpen ? SagaStepStatus.Unknown : SagaStepStatus.Refused;
        }

        async Task<ToolReply> NotedAsync(ToolCall call)
        {
            entry.Attempts++;
            try
            {
                return await AttemptAsync(call, entry.Step.Key, entry.Step.Timeout);
            }
            catch (Exception exception)
            {
                entry.Error = FailureDetails.From(exception);

                // One attempt that may have taken effect leaves it open, whatever the later ones were told.
                isOpen |= !entry.Error.Permanent;
                throw;
            }
        }
    }

    /// <summary>Runs a step's compensation and says whether it is done.</summary>
    public async Task<bool> CompensateAsync(int place)
    {
        var entry = ledger.Entries[place];
        var compensation = entry.Step.Compensation!;
        try
        {
            entry.UndoArguments = await FillAsync(compensation.Arguments);
            var call = new ToolCall { Tool = compensation.Tool, Arguments = entry.UndoArguments, IdempotencyKey = entry.UndoKey };
            var label = $"{entry.Step.Key}:compensate";
            var reply = await Attempts.RunAsync(context, Policy(ledger.CompensationRetry), Draw, _ => AttemptAsync(call, label, compensation.Timeout), deadline: null, Failed, CancellationToken.None);
            entry.UndoAttempts++;
            entry.UndoError = null;
            entry.UndoCost = reply.Cost;
            return true;
        }
        catch (Exception exception)
        {
            entry.UndoError = FailureDetails.From(exception);
            entry.ParkedSince = context.UtcNow;
            return false;
        }

        void Failed(FailureDetails failure)
        {
            entry.UndoAttempts++;
            entry.UndoError = failure;
        }
    }

    private static RetryPolicy Policy(SagaRetry retry) => new() { MaxAttempts = retry.MaxAttempts, BaseDelay = retry.BaseDelay, MaxDelay = retry.MaxDelay };

    private double Draw() => (random ??= ReplaySafeRandom.From(context)).NextDouble();

    private async Task<ToolReply> AttemptAsync(ToolCall call, string label, TimeSpan timeout)
    {
        using var late = new CancellationTokenSource();
        using var ended = new CancellationTokenSource();
        // A step is to take effect, and what it answers is to be true now.
        var work = context.CallActivityAsync(ActivityReferences.CallTool, call with { Cache = new() { Mode = CacheMode.Off } }, new CallOptions { Label = label, Cancellation = late.Token });
        var timer = context.CreateTimerAsync(timeout, ended.Token);
        await Task.WhenAny(work, timer);
        if (work.IsCompleted)
        {
            ended.Cancel();
            return await work;
        }

        late.Cancel();
        throw new TimeoutException($"'{label}' (tool '{call.Tool}') did not end within {timeout}; whether it took effect is not known. Allow it more time, or make it faster.");
    }

    /// <summary>Arguments with their values. A large answer is read once, where something asks for a value of it.</summary>
    private async Task<JsonElement?> FillAsync(JsonElement? template)
    {
        if (template is not { } given) return null;
        foreach (var step in JsonTemplate.Uses(given).Select(use => use.Root))
        {
            var entry = EntryOf(step);
            if (entry.Answer is not null || entry.Reply is not { } reply) continue;
            entry.Answer = reply.Ref is { } address
                ? DurableJson.Parse(Encoding.UTF8.GetBytes(await context.CallActivityAsync(ActivityReferences.ReadContent, address, new RetryPolicy(), $"{entry.Step.Key}:answer")))
                : reply.Value ?? DurableJson.Parse("null"u8.ToArray());
        }

        return JsonTemplate.Render(given, path => EntryOf(ValuePath.Root(path)).Answer is { } answer ? ValuePath.Find(answer, ValuePath.Rest(path)) : null, Missing);
    }

    private SagaEntry EntryOf(string step) => ledger.Entries[ledger.PlaceOf(step)];

    private PermanentFailureException Missing(string path) => new(EntryOf(ValuePath.Root(path)).Answer is null
        ? $"The arguments ask for '{path}', and the step '{ValuePath.Root(path)}' has no answer, because it did not succeed. Give a default, or use arguments that are known before."
        : $"The arguments ask for '{path}', and the answer of the step '{ValuePath.Root(path)}' has no value there. Correct the path, give a default, or correct what the tool answers.");
}
