using AgentFunctions.Core.Load;
using AgentFunctions.Core.Policies.Scaling;

namespace AgentFunctions.Core.Entities.Scaling;

/// <summary>What a worker tells of itself, about every ten seconds.</summary>
public sealed record WorkerReport
{
    /// <summary>The worker's name, unlike that of every other and of its own earlier lives.</summary>
    public required string Worker { get; init; }

    /// <summary>The number of this report, above that of the worker's last one: one that comes twice or late changes nothing.</summary>
    public required long Number { get; init; }

    /// <summary>What is to be gone by, as the worker's settings say; the latest report counts for all.</summary>
    public required ScalingRules Rules { get; init; }

    /// <summary>How loaded the worker is.</summary>
    public LoadSample Load { get; init; } = new();

    /// <summary>How many of its running activities wait for a provider's quota. Default: 0.</summary>
    public int Limited { get; init; }

    /// <summary>Whether it stops now, and is no worker any more. Default: false.</summary>
    public bool Leaving { get; init; }

    /// <summary>Whether it is the only worker there can be, so that no other's report need be waited for. Default: false.</summary>
    public bool Alone { get; init; }
}
