using AgentFunctions.Core.Policies.Circuits;

namespace AgentFunctions.Core.Resilience;

/// <summary>When calls of a kind are no longer made because what they call is broken.</summary>
public sealed class CircuitOptions
{
    private static readonly CircuitSettings Defaults = new();

    /// <summary>Whether there is a circuit at all. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The share of calls within <see cref="SamplingWindow"/> that must fail, above 0 up to 1. Default: 0.5.</summary>
    public double FailureRatio { get; set; } = Defaults.FailureRatio;

    /// <summary>How many calls there must be before their share counts, 2 to 100,000. Default: 10.</summary>
    public int MinimumThroughput { get; set; } = Defaults.MinimumThroughput;

    /// <summary>How far back calls count, 1 second to 10 minutes. Default: 30 seconds.</summary>
    public TimeSpan SamplingWindow { get; set; } = Defaults.SamplingWindow;

    /// <summary>How many failures in a row are enough, 1 to 1,000; 0 for none. Default: 5.</summary>
    public int ConsecutiveFailures { get; set; } = Defaults.ConsecutiveFailures;

    /// <summary>How long it is left alone the first time, 100 ms to 1 hour. Default: 5 seconds.</summary>
    public TimeSpan BreakDuration { get; set; } = Defaults.BreakDuration;

    /// <summary>How long it is left alone at most, BreakDuration to 1 hour. Default: 2 minutes.</summary>
    public TimeSpan LongestBreak { get; set; } = Defaults.LongestBreak;

    /// <summary>For how long one worker alone may try it, 100 ms to 1 hour. Default: 30 seconds.</summary>
    public TimeSpan ProbeLease { get; set; } = Defaults.ProbeLease;

    /// <summary>These as the policy takes them.</summary>
    public CircuitSettings Settings => new()
    {
        FailureRatio = FailureRatio,
        MinimumThroughput = MinimumThroughput,
        SamplingWindow = SamplingWindow,
        ConsecutiveFailures = ConsecutiveFailures,
        BreakDuration = BreakDuration,
        LongestBreak = LongestBreak,
        ProbeLease = ProbeLease,
    };
}

/// <summary>What is otherwise for one tool. Bound from <c>Resilience:PerTool:{name}</c>.</summary>
public sealed class ToolCircuitOptions
{
    /// <summary>Whether there is a circuit. Default: as for all tools.</summary>
    public bool? Enabled { get; set; }

    /// <summary>See <see cref="CircuitOptions.FailureRatio"/>. Default: as for all tools.</summary>
    public double? FailureRatio { get; set; }

    /// <summary>See <see cref="CircuitOptions.MinimumThroughput"/>. Default: as for all tools.</summary>
    public int? MinimumThroughput { get; set; }

    /// <summary>See <see cref="CircuitOptions.SamplingWindow"/>. Default: as for all tools.</summary>
    public TimeSpan? SamplingWindow { get; set; }

    /// <summary>See <see cref="CircuitOptions.ConsecutiveFailures"/>. Default: as for all tools.</summary>
    public int? ConsecutiveFailures { get; set; }

    /// <summary>See <see cref="CircuitOptions.BreakDuration"/>. Default: as for all tools.</summary>
    public TimeSpan? BreakDuration { get; set; }

    /// <summary>See <see cref="CircuitOptions.LongestBreak"/>. Default: as for all tools.</summary>
    public TimeSpan? LongestBreak { get; set; }

    /// <summary>See <see cref="CircuitOptions.ProbeLease"/>. Default: as for all tools.</summary>
    public TimeSpan? ProbeLease { get; set; }

    /// <summary>What holds for the tool.</summary>
    /// <param name="all">What holds for all tools.</param>
    public CircuitOptions Over(CircuitOptions all)
    {
        ArgumentNullException.ThrowIfNull(all);
        return new CircuitOptions
        {
            Enabled = Enabled ?? all.Enabled,
            FailureRatio = FailureRatio ?? all.FailureRatio,
            MinimumThroughput = MinimumThroughput ?? all.MinimumThroughput,
            SamplingWindow = SamplingWindow ?? all.SamplingWindow,
            ConsecutiveFailures = ConsecutiveFailures ?? all.ConsecutiveFailures,
            BreakDuration = BreakDuration ?? all.BreakDuration,
            LongestBreak = LongestBreak ?? all.LongestBreak,
            ProbeLease = ProbeLease ?? all.ProbeLease,
        };
    }
}
