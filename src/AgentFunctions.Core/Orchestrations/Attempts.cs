using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations;

/// <summary>Runs a piece of an orchestration again as its retry policy says, with durable timers between the attempts.</summary>
internal static class Attempts
{
    /// <summary>How often one waits for an open circuit: by then what it guards has been broken for the better part of an hour.</summary>
    public const int MostRefusals = 20;

    /// <summary>
    /// Runs <paramref name="body"/> until it succeeds, the policy gives up, or the next attempt could not begin before <paramref name="deadline"/>. What an open circuit refuses
    /// was no attempt, since nothing was called: it is waited for, unless the policy allows one attempt only.
    /// </summary>
    /// <param name="context">The run's context.</param>
    /// <param name="policy">When to try again.</param>
    /// <param name="draw">Gives random numbers, 0 inclusive to 1 exclusive; asked only when there is a wait.</param>
    /// <param name="body">One attempt.</param>
    /// <param name="deadline">When nobody will wait any more, or null.</param>
    /// <param name="failed">Hears of each failed attempt.</param>
    /// <param name="cancellationToken">Ends the waits between attempts, and is handed to each attempt.</param>
    /// <param name="skipBroken">Whether an open circuit is the end of it. Default: it is waited for.</param>
    public static async Task<T> RunAsync<T>(
        OrchestrationContext context,
        RetryPolicy policy,
        Func<double> draw,
        Func<CancellationToken, Task<T>> body,
        DateTimeOffset? deadline,
        Action<FailureDetails>? failed,
        CancellationToken cancellationToken,
        bool skipBroken = false)
    {
        var (attempt, refusals) = (1, 0);
        while (true)
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
                var isRefusal = IsOpenCircuit(failure);
                if (isRefusal ? skipBroken || policy.MaxAttempts == 1 || refusals == MostRefusals : !policy.Allows(attempt, failure)) throw;
                delay = policy.Delay(attempt + refusals, failure, draw());
                if (deadline is { } end && end - context.UtcNow <= delay) throw;
                if (isRefusal) refusals++;
                else attempt++;
            }

            await context.CreateTimerAsync(delay, cancellationToken);
        }
    }

    /// <summary>Whether a failure is an open circuit's refusal, after which nothing was called.</summary>
    public static bool IsOpenCircuit(FailureDetails? failure) => failure?.Type == nameof(CircuitOpenException);

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
