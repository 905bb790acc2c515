using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Resilience;
using Polly;
using Polly.Retry;

namespace AgentFunctions.Core.Models.Resilience;

/// <summary>
/// Calls a model again, by Polly, where that is likely to help soon: its provider failed, or asked for a short quiet. Longer waits, timeouts, which have taken their time already, and
/// open circuits and budgets without room are left to the run; and when the retry budget is spent, so is the rest.
/// </summary>
public sealed class ModelRetries
{
    private readonly ResiliencePipeline pipeline;
    private readonly WorkerRetryBudget budget;
    private readonly RetryOptions options;
    private readonly ResilienceMetrics metrics;
    private readonly string model;

    /// <summary>Makes them.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="options">When and how often.</param>
    /// <param name="time">The clock.</param>
    /// <param name="metrics">Counts them.</param>
    /// <param name="draw">Gives random numbers, 0 inclusive to 1 exclusive, to any thread. Default: the system's.</param>
    public ModelRetries(string model, RetryOptions options, TimeProvider time, ResilienceMetrics metrics, Func<double>? draw = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var random = draw ?? Random.Shared.NextDouble;
        (this.model, this.options, this.metrics) = (model, options, metrics);
        budget = new WorkerRetryBudget(options.Budget, time);
        pipeline = options.MaxRetries == 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = options.MaxRetries,
            ShouldHandle = attempt => ValueTask.FromResult(attempt.AttemptNumber < options.MaxRetries && IsRetried(attempt.Outcome.Exception)),
            DelayGenerator = attempt => ValueTask.FromResult<TimeSpan?>(Delay(attempt.AttemptNumber + 1, attempt.Outcome.Exception, random())),
        }).Build();
    }

    /// <summary>Makes a call, and makes it again where that is likely to help.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="call">The call. What it throws at last goes through as it is.</param>
    /// <param name="cancellationToken">Ends calls and waits.</param>
    public ValueTask<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        budget.Call();
        return pipeline.ExecuteAsync(static (run, token) => new ValueTask<T>(run(token)), call, cancellationToken);
    }

    private bool IsRetried(Exception? error)
    {
        if (error is not (ModelUnavailableException or ThrottledException) || error is CircuitOpenException or BudgetBusyException) return false;
        if (error is ThrottledException { RetryAfter: { } asked } && asked > options.LongestWait) return false;
        if (budget.TryTake())
        {
            metrics.Retried(model);
            return true;
        }

        metrics.Exhausted(model);
        return false;
    }

    /// <summary>What was asked for and the jitter on top, so that nobody comes early and not everybody comes at once.</summary>
    private TimeSpan Delay(int attempt, Exception? error, double fraction) =>
        ((error as ThrottledException)?.RetryAfter ?? TimeSpan.Zero) + Backoff.FullJitter(attempt, options.BaseDelay, options.MaxDelay, fraction);
}
