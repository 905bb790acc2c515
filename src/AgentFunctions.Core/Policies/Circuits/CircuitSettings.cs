namespace AgentFunctions.Core.Policies.Circuits;

/// <summary>When a circuit opens, and for how long.</summary>
public sealed record CircuitSettings
{
    /// <summary>The share of calls within <see cref="SamplingWindow"/> that must fail for it to open, above 0 up to 1. Default: 0.5.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>How many calls there must be within <see cref="SamplingWindow"/> before their share counts, 2 to 100,000. Default: 10.</summary>
    public int MinimumThroughput { get; init; } = 10;

    /// <summary>How far back calls count, 1 second to 10 minutes. Default: 30 seconds.</summary>
    public TimeSpan SamplingWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many calls in a row must fail for it to open at once, however few there are, 1 to 1,000; 0 for never. Default: 5.</summary>
    public int ConsecutiveFailures { get; init; } = 5;

    /// <summary>How long it stays open the first time, 100 ms to 1 hour; it doubles each time that it opens again. Default: 5 seconds.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it stays open at most, <see cref="BreakDuration"/> to 1 hour. One that has stayed closed for so long begins with <see cref="BreakDuration"/> again. Default: 2 minutes.</summary>
    public TimeSpan LongestBreak { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>For how long nobody else may probe while one does, 100 ms to 1 hour: how soon a prober that died is replaced. Default: 30 seconds.</summary>
    public TimeSpan ProbeLease { get; init; } = TimeSpan.FromSeconds(30);
}
