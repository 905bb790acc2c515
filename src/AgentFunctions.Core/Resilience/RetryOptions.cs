using AgentFunctions.Core.Policies.Retrying;

namespace AgentFunctions.Core.Resilience;

/// <summary>When a model is called again within an activity. What is not is left to the run, which waits with durable timers.</summary>
public sealed class RetryOptions
{
    /// <summary>How often a call is made again at most, 0 to 10; 0 for never. Default: 2.</summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>The longest wait before the first retry, 0 to 1 minute; it doubles with each further one, and each wait is drawn evenly from zero to it. Default: 200 ms.</summary>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait of all, BaseDelay to 1 minute. Default: 2 seconds.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a provider may ask to be left alone (Retry-After) for the activity to wait it out, 0 to 1 minute. A call with a longer one fails, and the run waits. Default: 2 seconds.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many retries a call pays for, 0 to 10. Default: 0.2.</summary>
    public double BudgetRatio { get; set; } = 0.2;

    /// <summary>How many retries a second are free for each model, 0 to 1,000. Default: 1.</summary>
    public double BudgetPerSecond { get; set; } = 1;

    /// <summary>How many retries of a model may be saved up, and are there at first, 0 to 100,000; below 1 there are none at all. Default: 20.</summary>
    public double BudgetReserve { get; set; } = 20;

    /// <summary>The budget as the policy takes it.</summary>
    public RetryBudgetSettings Budget => new(BudgetRatio, BudgetPerSecond, BudgetReserve);
}
