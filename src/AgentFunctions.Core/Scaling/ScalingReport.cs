using AgentFunctions.Core.Entities.Scaling;

namespace AgentFunctions.Core.Scaling;

/// <summary>How many instances are wanted, and why: the same on every worker.</summary>
public sealed record ScalingReport
{
    /// <summary>How many instances are wanted.</summary>
    public required int Wanted { get; init; }

    /// <summary>How many workers there are.</summary>
    public required int Current { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The share of slots that is taken or asked for: above 1 where activities wait.</summary>
    public required double Utilisation { get; init; }

    /// <summary>How long what waits would take on the workers that there are, in seconds.</summary>
    public required double QueueSeconds { get; init; }

    /// <summary>How many instances the load of now needs, before steps, cooldowns and bounds.</summary>
    public required int Needed { get; init; }

    /// <summary>How many past days needed at this hour; null where they say nothing yet.</summary>
    public int? Forecast { get; init; }

    /// <summary>How many activities may run at once.</summary>
    public required int Slots { get; init; }

    /// <summary>How many run.</summary>
    public required int Running { get; init; }

    /// <summary>How many wait for a place, where the workers see that.</summary>
    public required int Waiting { get; init; }

    /// <summary>How long nineteen of twenty waited at most, in seconds.</summary>
    public required double WaitSeconds { get; init; }

    /// <summary>The share that failed for reasons that may pass, 0 to 1.</summary>
    public required double FailureShare { get; init; }

    /// <summary>The share of running activities that wait for a provider's quota, 0 to 1.</summary>
    public required double LimitedShare { get; init; }

    /// <summary>The fewest instances, as the settings say.</summary>
    public required int Min { get; init; }

    /// <summary>The most instances, as the settings say.</summary>
    public required int Max { get; init; }

    /// <summary>When a worker last told of its load.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What the entity's state says; null where nothing has been decided yet, or all it knows is of long ago.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The time.</param>
    public static ScalingReport? Of(ScalingEntityState? state, DateTimeOffset now) => state is { Decision: { } decision, Sample: { } sample, At: { } at } && now - at < ScalingEntity.StaleAfter
        ? new ScalingReport
        {
            Wanted = decision.Wanted,
            Current = sample.Workers,
            Reason = decision.Reason,
            Utilisation = Math.Round(sample.Utilisation, 4),
            QueueSeconds = Math.Round(sample.QueueTime.TotalSeconds, 3),
            Needed = decision.Needed,
            Forecast = decision.Forecast,
            Slots = sample.Slots,
            Running = sample.Running,
            Waiting = sample.Waiting,
            WaitSeconds = Math.Round(sample.WaitP95.TotalSeconds, 3),
            FailureShare = Math.Round(sample.FailureShare, 4),
            LimitedShare = Math.Round(sample.LimitedShare, 4),
            Min = state.Rules.MinInstances,
            Max = state.Rules.MaxInstances,
            At = at,
        }
        : null;
}
