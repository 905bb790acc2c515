using AgentFunctions.Core.Policies.Retrying;

namespace AgentFunctions.Core.Resilience;

/// <summary>The retry budget of a model on one worker. Thread-safe.</summary>
/// <param name="settings">How many retries there may be.</param>
/// <param name="time">The clock.</param>
public sealed class WorkerRetryBudget(RetryBudgetSettings settings, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly long start = time.GetTimestamp();
    private RetryBudgetState state = RetryBudget.Begin(settings, DateTimeOffset.UnixEpoch);

    private DateTimeOffset Now => DateTimeOffset.UnixEpoch + time.GetElapsedTime(start);

    /// <summary>Counts a call, not a retry.</summary>
    public void Call()
    {
        lock (gate) state = RetryBudget.Call(settings, state, Now);
    }

    /// <summary>Takes a retry, where one is left.</summary>
    public bool TryTake()
    {
        lock (gate)
        {
            (state, var taken) = RetryBudget.Take(settings, state, Now);
            return taken;
        }
    }
}
