using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations;

/// <summary>Runs a piece of an orchestration again as its retry policy says, with durable timers between the attempts.</summary>
internal static class Attempts
{
    /// <summary>Runs <paramref name="body"/> until it succeeds, the policy gives up, or the next attempt could not begin before <paramref name="deadline"/>.</summary>
    /// <param name="context">The run's context.</param>
    /// <param name="policy">When to try again.</param>
    /// <param name="draw">Gives random numbers, 0 inclusive to 1 exclusive; asked only when there is a wait.</param>
    /// <param name="body">One attempt.</param>
    /// <param name="deadline">When nobody will wait any more, or null.</param>
    /// <param name="failed">Hears of each failed attempt.</param>
    /// <param name="cancellationToken">Ends the waits between attempts, and is handed to each attempt.</param>
    public static async Task<T> RunAsync<T>(
        OrchestrationContext context,
        RetryPolicy policy,
        Func<double> draw,
        Func<CancellationToken, Task<T>> body,
        DateTimeOffset? deadline,
        Action<FailureDetails>? failed,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan delay;
            try
            {
                return await body(cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                var failure = FailureDetails.From(exception);
                failed?.Invoke(failure);
                if (!policy.Allows(attempt, failure)) throw;
                delay = policy.Delay(attempt, failure, draw());
                if (deadline is { } end && end - context.UtcNow <= delay) throw;
            }

            await context.CreateTimerAsync(delay, cancellationToken);
        }
    }

    /// <summary>Calls an activity, again as the policy says.</summary>
    public static Task<TOutput> CallActivityAsync<TInput, TOutput>(this OrchestrationContext context, ActivityReference<TInput, TOutput> activity, TInput input, RetryPolicy policy, string? label = null)
    {
        ReplaySafeRandom? random = null;
        return RunAsync(
            context,
            policy,
            () => (random ??= ReplaySafeRandom.From(context)).NextDouble(),
            token => context.CallActivityAsync(activity, input, new CallOptions { Label = label, Cancellation = token }),
            deadline: null,
            failed: null,
            CancellationToken.None);
    }
}
