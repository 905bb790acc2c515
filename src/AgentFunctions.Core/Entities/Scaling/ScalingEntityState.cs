using AgentFunctions.Core.Load;
using AgentFunctions.Core.Policies.Scaling;

namespace AgentFunctions.Core.Entities.Scaling;

/// <summary>What is known of all workers of an app, and what was decided.</summary>
public sealed record ScalingEntityState
{
    /// <summary>The workers that have told of themselves within <see cref="ScalingEntity.StaleAfter"/>, by name.</summary>
    public IReadOnlyDictionary<string, KnownWorker> Workers { get; init; } = new Dictionary<string, KnownWorker>(StringComparer.Ordinal);

    /// <summary>The numbers of the last reports of workers that have left, until they are forgotten: a report on its way must not bring them back.</summary>
    public IReadOnlyDictionary<string, KnownLeaver> Left { get; init; } = new Dictionary<string, KnownLeaver>(StringComparer.Ordinal);

    /// <summary>When the first report came.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When the last report came.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>What the policy remembers.</summary>
    public ScalingState Policy { get; init; } = new();

    /// <summary>What it goes by.</summary>
    public ScalingRules Rules { get; init; } = new();

    /// <summary>The load it last decided by; null before the first decision.</summary>
    public ScalingSample? Sample { get; init; }

    /// <summary>What it last decided; null before the first decision.</summary>
    public ScalingDecision? Decision { get; init; }
}

/// <summary>A worker.</summary>
/// <param name="Number">The number of its last report.</param>
/// <param name="At">When that came, by the entity's clock.</param>
/// <param name="Load">How loaded it was.</param>
/// <param name="Limited">How many of its running activities waited for a provider's quota.</param>
public sealed record KnownWorker(long Number, DateTimeOffset At, LoadSample Load, int Limited);

/// <summary>A worker that has left.</summary>
/// <param name="Number">The number of its last report.</param>
/// <param name="At">When it left, by the entity's clock.</param>
public sealed record KnownLeaver(long Number, DateTimeOffset At);
